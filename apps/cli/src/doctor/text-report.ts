import type { Level } from '@mcp-dbg/protocol/lint';

import { byRule, countsOf } from '../lint-report/lint-report.ts';
import { hanging } from '../render/columns.ts';
import { counted } from '../render/counted.ts';
import { colourOf } from '../render/finding-text.ts';
import { formatMs } from '../render/sizes.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import type { HostFinding } from './diagnosis.ts';
import { type ContextCost, type DoctorReport, contextCost, titleOf } from './doctor-report.ts';
import { titlesOf } from './launch.ts';
import type { StartFacts } from './start-facts.ts';

/** Findings of one rule that are shown one by one. */
const MAX_SHOWN = 5;

/** Those who reach a URL do so alike. */
const EVERYONE = 'every host';

/** How a report is to be written: `columns` undefined for no line breaks. */
export interface Look {
  readonly theme: Theme;
  readonly columns: number | undefined;
}

/** A report for a person: how each host fares, then what is wrong, the worst first, with what shows it and what to do. */
export function textReport(report: DoctorReport, look: Look): string {
  const { server, starts, findings } = report;
  const cost = contextCost(starts);
  const head = [
    rows(look, '', look.theme.strong([server.name, ...server.command].map((word) => visible(word)).join(' '))),
    ...starts.map((start) => startText(start, report, look)),
    ...(cost === undefined ? [] : [costText(cost, look)]),
  ].join('');
  const hosts = starts.flatMap(({ launch }) => launch.hosts);
  const groups = groupsOf(findings.filter(({ level }) => level !== 'info')).map((group) =>
    groupText(group, hosts.length, look),
  );
  return [head, ...groups, ...infoText(findings, look), summary(report, look)].join('\n');
}

/** What is legal takes a row: whoever looks for a fault need not read it. */
function infoText(findings: readonly HostFinding[], look: Look): readonly string[] {
  const rules = byRule(findings.filter(({ level }) => level === 'info'));
  if (rules.length === 0) return [];
  const told = rules.map(([rule, { length }]) => (length === 1 ? rule : `${rule} (${length})`)).join(', ');
  return [rows(look, `${look.theme.client('info')}     `, `${told}: legal, and worth knowing; --json has all of it`)];
}

function startText({ launch, outcome, isRemote }: StartFacts, { starts, findings }: DoctorReport, look: Look): string {
  const { theme } = look;
  const width = Math.max(...starts.map((start) => titlesOf(start.launch.hosts).length));
  const hosts = isRemote ? EVERYONE : titlesOf(launch.hosts).padEnd(width);
  if (outcome.kind === 'failed')
    return rows(look, `  ${theme.bad('fails ')}  `, isRemote ? hosts : `${hosts}  in ${visible(launch.cwd)}`);
  const { name, version, era, protocolVersion, readyMs } = outcome;
  const who = visible([name, version].filter((each) => each !== '').join(' '));
  const what = `ready after ${formatMs(readyMs)}${who === '' ? '' : `: ${who}`}, ${era} ${visible(protocolVersion)}`;
  const isIll = findings.some(
    ({ level, hosts: ill }) => level === 'error' && launch.hosts.some((host) => ill.includes(host)),
  );
  return rows(look, `  ${isIll ? theme.warn('starts') : theme.good('works ')}  `, `${hosts}  ${what}`);
}

function costText({ tools, tokens, biggest }: ContextCost, look: Look): string {
  const names = biggest.map(([name, each]) => `${visible(name.slice(0, 64))} ${each}`).join(', ');
  const most = tools < 2 ? '' : `; most of it: ${names}`;
  const text = `${counted(tools, 'tool')} ${tools === 1 ? 'costs' : 'cost'} a model about ${tokens} tokens with every request${most}`;
  return rows(look, '  ', look.theme.dim(text));
}

/** The findings of one rule with one fix, the worst rules first. */
function groupsOf(findings: readonly HostFinding[]): readonly (readonly HostFinding[])[] {
  return byRule(findings).flatMap(([, ofRule]) => {
    const groups = new Map<string, HostFinding[]>();
    for (const finding of ofRule) {
      const group = groups.get(finding.fix);
      if (group === undefined) groups.set(finding.fix, [finding]);
      else group.push(finding);
    }
    return [...groups.values()];
  });
}

function groupText(findings: readonly HostFinding[], allHosts: number, look: Look): string {
  const [first] = findings;
  if (first === undefined) return '';
  const { theme } = look;
  const { level, rule, hosts, fix, clients, spec } = first;
  const left = findings.length - MAX_SHOWN;
  const isShared = findings.every((each) => titlesOf(each.hosts) === titlesOf(hosts));
  const where = isShared && hosts.length < allHosts ? detail('in', titlesOf(hosts), look) : '';
  return [
    rows(look, `${colourOf(level, theme)(level.padEnd(7))}  `, `${theme.strong(rule)}  ${titleOf(rule)}`),
    where,
    ...findings.slice(0, MAX_SHOWN).map((finding) => findingText(finding, isShared, look)),
    ...(left > 0 ? [theme.dim(`  … ${left} more; --json has all\n`)] : []),
    detail('fix', fix, look),
    ...(clients === undefined ? [] : [detail('clients', clients, look)]),
    ...(spec === undefined ? [] : [detail('spec', spec, look)]),
  ].join('');
}

function findingText({ message, quote, hosts }: HostFinding, isShared: boolean, look: Look): string {
  const where = isShared ? '' : look.theme.dim(`${titlesOf(hosts)}: `);
  const shown = quote === undefined ? '' : rows(look, '          ', look.theme.dim(visible(quote)));
  return `${rows(look, '  ', `${where}${visible(message)}`)}${shown}`;
}

function detail(name: string, text: string, look: Look): string {
  return rows(look, `  ${look.theme.dim(name.padEnd(9))}`, visible(text));
}

function summary({ findings, starts, legacy }: DoctorReport, { theme }: Look): string {
  const counts = countsOf(findings);
  const hosts = starts.reduce((sum, { launch }) => sum + launch.hosts.length, 0);
  const as = [
    ...(hosts > 1 && starts.every(({ isRemote }) => !isRemote) ? [`as ${hosts} hosts`] : []),
    ...(legacy === undefined ? [] : ['one as an older client']),
  ];
  const count = starts.length + (legacy === undefined ? 0 : 1);
  const how = count === 0 ? '' : `: ${[counted(count, 'start'), ...as].join(', ')}`;
  if (findings.length === 0) return `${theme.good('all is well')}${how}\n`;
  const levels: readonly Level[] = ['error', 'warning', 'info'];
  const told = levels
    .filter((level) => counts[level] > 0)
    .map((level) => colourOf(level, theme)(level === 'info' ? `${counts.info} info` : counted(counts[level], level)));
  return `${told.join(', ')}${how}\n`;
}

function rows({ columns }: Look, start: string, text: string): string {
  return `${hanging(text, columns, start)}\n`;
}
