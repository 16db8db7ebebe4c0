import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Entry, nearestWord } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import { type ContractTerms, RULES, type Rule, contract } from '@mcp-dbg/protocol/lint';

import { COMPLETENESS_RULES, Completeness, NO_CONNECTION } from '../completeness.ts';
import { entriesOf } from '../entries-of.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { FindingsByFrame } from '../findings-by-frame.ts';
import { findingsAbout, findingsIn } from '../findings-of.ts';
import type { Io } from '../io.ts';
import { jsonReport } from '../lint-report/json-report.ts';
import { junitReport } from '../lint-report/junit-report.ts';
import { type FailOn, type LintReport, failsOn } from '../lint-report/lint-report.ts';
import { rulesJson, rulesText } from '../lint-report/rules-list.ts';
import { sarifReport } from '../lint-report/sarif-report.ts';
import { textReport } from '../lint-report/text-report.ts';
import { type LintConfig, lintConfig, redactConfig } from '../project-config.ts';
import { redactFinding, redactorFor } from '../redaction.ts';
import { type Reading, openReading } from '../reading.ts';
import { type Theme, themeFor } from '../render/theme.ts';

export type LintFormat = 'text' | 'json' | 'junit' | 'sarif';

export interface LintOptions {
  readonly format?: LintFormat;
  readonly json?: boolean;
  readonly failOn?: FailOn;
  readonly off?: readonly string[];
  readonly config?: string;
  readonly expectTool?: readonly string[];
  readonly forbidTool?: readonly string[];
  /** Milliseconds. */
  readonly maxDuration?: number;
  readonly withSecrets?: boolean;
  /** List the rules and check nothing. */
  readonly rules?: boolean;
}

/** Those of the protocol, and what a capture must be for them to be checked. */
const ALL_RULES: ReadonlyMap<string, Rule> = new Map([...RULES, ...Object.entries(COMPLETENESS_RULES)]);

/**
 * Checks a capture against the rules of the protocol and the contract of the run, and reports what it found. Gives the
 * exit code: 1 where a finding is of the level that was asked for, or worse.
 */
export async function lint(io: Io, words: readonly string[], options: LintOptions): Promise<number> {
  const format = options.json === true ? 'json' : (options.format ?? 'text');
  const theme = themeFor(io.terminal.stdout, io.env);
  if (options.rules === true) {
    io.stdout.write(format === 'json' ? rulesJson(ALL_RULES) : rulesText(ALL_RULES, theme));
    return EXIT.good;
  }
  const config = lintConfig(io, options.config);
  const off = [...config.off, ...(options.off ?? [])];
  for (const pattern of off) checkPattern(pattern);
  const isOff = (rule: string): boolean => off.some((each) => covers(each, rule));
  const failOn = options.failOn ?? config.failOn ?? 'error';
  using reading = await openReading(io, words, true);
  const terms = contract(termsOf(config, options));
  const linter = new CaptureLinter({ off, more: [terms] });
  const completeness = new Completeness();
  const found = await findingsIn(completeness.of(reading.records()), linter);
  const unmet = terms.unmet().map((each) => ({ ...each, conn: NO_CONNECTION, server: undefined }));
  const ofCapture = completeness.findings(linter.frames).filter(({ rule }) => !isOff(rule));
  const all = [...(await filtered(reading, found)), ...ofCapture, ...unmet];
  // What stays on this terminal may show all; what goes into files and logs is read by others.
  const isShared = !io.terminal.stdout && options.withSecrets !== true;
  const redactor = isShared ? redactorFor(io, redactConfig(io, options.config)) : undefined;
  const findings = redactor === undefined ? all : all.map((finding) => redactFinding(finding, redactor));
  const report: LintReport = {
    capture: reading.name,
    uri: reading.path === undefined ? undefined : uriOf(reading.path, io.cwd),
    frames: linter.frames,
    rules: new Map([...ALL_RULES, ...Object.entries(terms.rules)].filter(([id]) => !isOff(id))),
    findings,
    more: linter.more,
    failOn,
  };
  io.stdout.write(written(format, report, theme));
  return findings.some(({ level }) => failsOn(failOn, level)) ? EXIT.bad : EXIT.good;
}

/** What a run has to keep to: the tools of the config file and of the command line together. */
function termsOf(config: LintConfig, { expectTool = [], forbidTool = [], maxDuration }: LintOptions): ContractTerms {
  const maxMs = maxDuration ?? config.maxMs;
  return {
    expectTools: [...config.expectTools, ...expectTool],
    forbidTools: [...config.forbidTools, ...forbidTool],
    ...(maxMs !== undefined && { maxMs }),
  };
}

function written(format: LintFormat, report: LintReport, theme: Theme): string {
  switch (format) {
    case 'text':
      return textReport(report, theme);
    case 'json':
      return jsonReport(report);
    case 'junit':
      return junitReport(report);
    case 'sarif':
      return sarifReport(report);
  }
}

/** Those about what a filter lets through. Throws CliError `BAD_FILTER` where that is nothing: it would pass any check. */
async function filtered(reading: Reading, all: readonly CaptureFinding[]): Promise<readonly CaptureFinding[]> {
  if (reading.filter === undefined) return all;
  const byFrame = new FindingsByFrame(all);
  let isEmpty = true;
  const seen = async function* (): AsyncGenerator<Entry> {
    for await (const entry of entriesOf(reading, (each) => byFrame.of(each))) {
      isEmpty = false;
      yield entry;
    }
  };
  const found = await findingsAbout(seen(), byFrame);
  if (isEmpty && !reading.filter.needs.findings)
    throw new CliError('BAD_FILTER', 'The filter lets nothing of the capture through, so there is nothing to check');
  return found;
}

/** True for the rule itself, and for `stdio/*` and any rule that begins so. */
function covers(pattern: string, rule: string): boolean {
  return pattern === rule || (pattern.endsWith('*') && rule.startsWith(pattern.slice(0, -1)));
}

/** A rule that does not exist would be switched off without any effect. */
function checkPattern(pattern: string): void {
  const ids = [...ALL_RULES.keys()];
  if (ids.some((id) => covers(pattern, id))) return;
  const meant = nearestWord(pattern, ids);
  const hint = meant === undefined ? 'mcp-dbg lint --rules lists them' : `did you mean ${meant}?`;
  throw new CliError('USAGE', `There is no rule ${JSON.stringify(pattern)} to switch off; ${hint}`);
}

/** Relative where the capture lies below the current folder, as code scanning wants it. */
function uriOf(path: string, cwd: string): string {
  const below = relative(cwd, path);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) return pathToFileURL(path).href;
  return below.split(/[\\/]/).map(encodeURIComponent).join('/');
}
