import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { counted } from '../render/counted.ts';
import { colourOf } from '../render/finding-text.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import { type LintReport, byRule, countsOf } from './lint-report.ts';

/** Findings of one rule that are shown one by one. */
const MAX_SHOWN = 5;

/**
 * A report for a person: by rule, the worst first. Of each finding the frame, what is wrong and the bytes that show it;
 * of each rule what to do, how clients hide it, and the page of the specification. Safe to print.
 */
export function textReport(report: LintReport, theme: Theme): string {
  const groups = byRule(report.findings).map(([rule, findings]) => groupText(rule, findings, report, theme));
  return [...groups, summary(report, theme)].join('\n');
}

function groupText(rule: string, findings: readonly CaptureFinding[], report: LintReport, theme: Theme): string {
  const [first] = findings;
  if (first === undefined) return '';
  const colour = colourOf(first.level, theme);
  const title = report.rules.get(rule)?.title ?? '';
  const shown = findings.slice(0, MAX_SHOWN).map((finding) => findingText(finding, theme));
  const more = report.more.get(rule) ?? 0;
  const left = findings.length - shown.length + more;
  const all = more === 0 ? 'all' : `the first ${findings.length}`;
  return [
    `${colour(first.level.padEnd(7))}  ${theme.strong(rule)}  ${title}\n`,
    ...shown,
    ...(left === 0 ? [] : [theme.dim(`  … ${left} more; --json has ${all}\n`)]),
    detail('fix', first.fix, theme),
    ...(first.clients === undefined ? [] : [detail('clients', first.clients, theme)]),
    ...(first.spec === undefined ? [] : [detail('spec', first.spec, theme)]),
  ].join('');
}

function findingText({ n, message, quote, server }: CaptureFinding, theme: Theme): string {
  const where = (n === undefined ? '' : `#${n}`).padEnd(7);
  const whose = server === undefined ? '' : theme.dim(`[${visible(server)}] `);
  const shown = quote === undefined ? '' : `          ${theme.dim(visible(quote))}\n`;
  return `  ${where} ${whose}${visible(message)}\n${shown}`;
}

function detail(name: string, text: string, theme: Theme): string {
  return `  ${theme.dim(name.padEnd(9))}${visible(text)}\n`;
}

function summary({ findings, more, frames, rules }: LintReport, theme: Theme): string {
  const counts = countsOf(findings);
  const checked = `${counted(frames, 'frame')} checked against ${counted(rules.size, 'rule')}`;
  if (findings.length === 0) return `${theme.good('no findings')}: ${checked}\n`;
  const told = (['error', 'warning', 'info'] as const)
    .filter((level) => counts[level] > 0)
    .map((level) => colourOf(level, theme)(level === 'info' ? `${counts.info} info` : counted(counts[level], level)));
  const left = [...more.values()].reduce((sum, count) => sum + count, 0);
  const others = left === 0 ? '' : `, and ${left} more`;
  return `${told.join(', ')}${others}: ${checked}\n`;
}
