import { resolve } from 'node:path';

import { captureFolder } from '@mcp-dbg/capture/node';
import type { Redactor } from '@mcp-dbg/capture/redact';

import { capturedCrashes } from '../crashes/captured-crashes.ts';
import type { CrashReport } from '../crashes/crash-report.ts';
import { crashText } from '../crashes/crash-text.ts';
import { type CrashRow, crashesTable } from '../crashes/crashes-table.ts';
import { redactedCrash } from '../crashes/redacted-crash.ts';
import { reportJson } from '../crashes/report-text.ts';
import { captureOf, isReportPath, loadReport, storedCrashes } from '../crashes/stored-crashes.ts';
import { namedCapture } from '../choose-capture.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { rowWidth } from '../terminal/size.ts';
import { redactConfig } from '../project-config.ts';
import { openReading } from '../reading.ts';
import { redactionText, redactorFor } from '../redaction.ts';
import { themeFor } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

export interface CrashesOptions {
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly pattern?: readonly string[];
  readonly config?: string;
}

/** What is to be done with what was found. */
interface Task {
  readonly io: Io;
  readonly json: boolean;
  /** Undefined where all is to be shown as it is. */
  readonly redactor: Redactor | undefined;
}

/**
 * Lists the stored crash reports, the newest first, or shows one crash: by its number in the list, by a label, by the path
 * of its report, or one that a capture tells of. Secrets are replaced, except with `raw`. Gives the exit code. Throws
 * CliError and CaptureError.
 */
export async function crashes(io: Io, words: readonly string[], options: CrashesOptions): Promise<number> {
  const { json = false, raw = false, pattern = [], config } = options;
  const redactor = raw ? undefined : redactorFor(io, [...redactConfig(io, config), ...pattern]);
  const task: Task = { io, json, redactor };
  const { n, name } = wordsIn(words);
  if (name !== undefined && isReportPath(name)) await showStored(task, resolve(io.cwd, name));
  else if (name === undefined) await (n === undefined ? listStored(task) : showNth(task, n));
  else if (!(await showLabelled(task, name, n))) await captured(task, name, n);
  return EXIT.good;
}

/** The number is the first word that is one; people write `crashes 2 weather` and `crashes weather 2`. */
function wordsIn(words: readonly string[]): { readonly n: number | undefined; readonly name: string | undefined } {
  const at = words.findIndex((word) => /^#?\d{1,9}$/.test(word));
  const n = at === -1 ? undefined : Number(words[at]?.replace('#', ''));
  const [name, ...others] = words.filter((_, index) => index !== at);
  if (others.length > 0)
    throw new CliError(
      'USAGE',
      `Name one crash: its number, a label, the path of a report or of a capture; not ${others.length + 1} of them`,
    );
  return { n, name };
}

async function listStored(task: Task): Promise<void> {
  const { io, json } = task;
  const folder = captureFolder(io.home, io.platform);
  const { paths, skipped, older } = await storedCrashes(io);
  const rows: CrashRow[] = [];
  for (const [index, path] of paths.entries()) {
    const report = await shared(task, loadReport(path));
    if (json) io.stdout.write(`${reportJson(report)}\n`);
    else rows.push({ n: index + 1, report: shortened(report) });
  }
  if (json) return;
  if (rows.length > 0) io.stdout.write(crashesTable(rows, rowWidth(io)));
  for (const { path, why } of skipped) io.stderr.write(`skipped ${visible(path)}: ${visible(why)}\n`);
  if (older > 0) io.stderr.write(`… and ${older} older files\n`);
  io.stderr.write(
    rows.length > 0
      ? `${count(rows.length)}, in ${visible(folder)}; mcp-dbg crashes N shows one\n`
      : `There is no crash report in "${visible(folder)}": no server crashed behind a proxy with --restart; mcp-dbg crashes CAPTURE looks into a capture\n`,
  );
}

async function showNth(task: Task, n: number, label?: string): Promise<void> {
  const { paths } = await storedCrashes(task.io, label);
  const path = paths[n - 1];
  if (path === undefined) throw noSuch(n, paths.length);
  await showStored(task, path);
}

/** False where no stored crash has the label. */
async function showLabelled(task: Task, label: string, n: number | undefined): Promise<boolean> {
  const { paths } = await storedCrashes(task.io, label);
  if (paths.length === 0) return false;
  await showNth(task, n ?? 1, label);
  return true;
}

async function showStored(task: Task, path: string): Promise<void> {
  let report: CrashReport;
  try {
    report = loadReport(path);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.code, `Cannot read the crash report "${path}": ${error.message}`, { cause: error });
  }
  await show(task, report, captureOf(path, report));
}

/** Shows the only crash of a capture, or the n-th; lists several. */
async function captured(task: Task, name: string, n: number | undefined): Promise<void> {
  const { io, json } = task;
  using reading = await openReading(io, [name === '-' ? name : await namedCapture(io, name)], true);
  const rows: CrashRow[] = [];
  let only: CrashReport | undefined;
  let found = 0;
  for await (const report of capturedCrashes(reading)) {
    found++;
    if (n !== undefined && found < n) continue;
    only = found === (n ?? 1) ? report : undefined;
    if (found === n) break;
    rows.push({ n: found, report: shortened(await shared(task, report)) });
  }
  if (only !== undefined) await show(task, only, reading.name);
  else if (n !== undefined) throw noSuch(n, found);
  else if (json)
    for await (const report of capturedCrashes(reading)) io.stdout.write(`${reportJson(await shared(task, report))}\n`);
  else if (found === 0)
    io.stderr.write(
      `No server crashed in ${visible(reading.name)}: each ended as it was told to, or its end was not recorded\n`,
    );
  else {
    io.stdout.write(crashesTable(rows, rowWidth(io)));
    io.stderr.write(`${count(found)} in ${visible(reading.name)}; mcp-dbg crashes CAPTURE N shows one\n`);
  }
}

async function show(task: Task, report: CrashReport, capture: string): Promise<void> {
  const { io, json, redactor } = task;
  const told = await shared(task, report);
  if (json) {
    io.stdout.write(`${reportJson(told)}\n`);
    return;
  }
  io.stdout.write(crashText(told, { capture }, themeFor(io.terminal.stdout, io.env)));
  if (redactor !== undefined) io.stderr.write(redactionText(redactor.report()));
}

/** A report as it may be shared, or as it is where that was asked for. */
async function shared({ redactor }: Task, report: CrashReport): Promise<CrashReport> {
  return redactor === undefined ? report : await redactedCrash(report, redactor);
}

/** What a list needs of a report, so that many take no room. */
function shortened(report: CrashReport): CrashReport {
  const inFlight = report.inFlight.map((each) => ({ ...each, frame: null }));
  return { ...report, frames: [], findings: [], inFlight, stderr: { ...report.stderr, tail: '' } };
}

function noSuch(n: number, there: number): CliError {
  const what = there === 0 ? 'there is none' : there === 1 ? 'there is one' : `there are ${there}`;
  return new CliError('NOT_FOUND', `There is no crash ${n}: ${what}; mcp-dbg crashes lists what there is`);
}

function count(n: number): string {
  return n === 1 ? '1 crash' : `${n} crashes`;
}
