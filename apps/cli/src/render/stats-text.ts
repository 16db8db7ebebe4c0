import type { CallStats, ContextCost, OpenCall, ServerExit, StatsDocument } from '@mcp-dbg/capture';

import { counted } from './counted.ts';
import { formatBytes, formatMs, formatTime } from './sizes.ts';
import { sparkline } from './sparkline.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** What the calls are counted by. */
export type StatsBy = 'method' | 'tool' | 'server';

/** Rows of a table, unanswered calls, and tools that are shown; --json has more. */
const MAX_ROWS = 40;
const MAX_OPEN = 10;
const MAX_TOOLS = 10;
const MAX_FAULTS = 10;

const MAX_NAME = 60;

/** Counts for a person: a table of calls, what went wrong, and what the tool lists cost a model. Safe to print. */
export function statsText(document: StatsDocument, by: StatsBy, theme: Theme): string {
  const rows = { method: document.methods, tool: document.tools, server: document.servers }[by];
  return [
    callTable(rows, by, theme),
    ...overall(document).map((line) => `${line}\n`),
    ...ownText(document).map((line) => `${theme.dim(line)}\n`),
    ...faultText(document).map((line) => `${theme.warn(line)}\n`),
    ...document.exits.filter(isWorthTelling).map((exit) => `${theme.bad(exitText(exit))}\n`),
    ...openCalls(document, theme),
    ...document.context.map((cost) => contextText(cost, theme)),
  ].join('');
}

function callTable(rows: readonly CallStats[], by: StatsBy, theme: Theme): string {
  if (rows.length === 0) return by === 'tool' ? 'no tool was called\n' : 'nothing was asked\n';
  const total = rows.reduce((sum, { latency }) => sum + (latency?.total ?? 0), 0);
  const ordered = rows.toSorted((one, other) => (other.latency?.total ?? 0) - (one.latency?.total ?? 0));
  const shown = ordered.slice(0, MAX_ROWS);
  const left = ordered.length - shown.length;
  return [
    `${theme.dim(HEAD.replace('NAME', by))}\n`,
    ...shown.map((row) => callRow(row, total, theme)),
    ...(left === 0 ? [] : [theme.dim(`… ${left} more; --json has them\n`)]),
    '\n',
  ].join('');
}

const HEAD =
  '  calls  errors  time       p50       p95       p99       max    request     answer  latency               NAME';

function callRow(row: CallStats, total: number, theme: Theme): string {
  const { latency } = row;
  const failed = row.errors + row.toolErrors + row.lost;
  const share = latency === undefined || total === 0 ? '' : `${((latency.total / total) * 100).toFixed(0)}%`;
  const times = (['p50', 'p95', 'p99', 'max'] as const).map((key) =>
    (latency === undefined ? '' : formatMs(latency[key])).padStart(8),
  );
  const numbers = [
    String(row.calls).padStart(7),
    (failed === 0 ? (text: string) => text : theme.bad)(String(failed).padStart(6)),
    share.padStart(4),
    ...times,
    formatBytes(row.requestBytes).padStart(9),
    formatBytes(row.answerBytes).padStart(9),
    sparkline(latency?.curve.counts ?? []).padEnd(20),
  ];
  return `${numbers.join('  ')}  ${theme.tool(nameOf(row.name))}\n`;
}

function overall(document: StatsDocument): readonly string[] {
  const { frames, exchanges, notifications, noise, orphans, stderr, starts, restarts, gaps, torn } = document;
  const notified = notifications.reduce((sum, { count }) => sum + count, 0);
  const first = [
    `${counted(frames, 'frame')} in ${formatMs(document.duration)}`,
    counted(exchanges, 'exchange'),
    counted(notified, 'notification'),
    `noise: ${counted(noise.lines, 'line')}${noise.lines === 0 ? '' : ` (${formatBytes(noise.bytes)})`}`,
    `orphans: ${orphans}`,
    `stderr: ${counted(stderr.lines, 'line')}`,
  ];
  const second = [
    `in flight at the end: ${document.unanswered.count}`,
    `starts: ${starts}, restarts: ${restarts}`,
    ...(gaps.count === 0 ? [] : [`gaps: ${gaps.count} (${formatBytes(gaps.bytes)} not recorded)`]),
    ...(torn.count === 0 ? [] : [`torn: ${torn.count} (${formatBytes(torn.bytes)} not readable)`]),
  ];
  return [first.join(' · '), second.join(' · ')];
}

/** What a proxy said in a peer's place; nothing where it said nothing. */
function ownText({ own }: StatsDocument): readonly string[] {
  return own === 0 ? [] : [`  made by mcp-dbg itself, and counted nowhere else: ${counted(own, 'message')}`];
}

/** What was done on purpose, which explains much of what went wrong; nothing where nothing was. */
function faultText({ faults }: StatsDocument): readonly string[] {
  if (faults.length === 0) return [];
  const total = faults.reduce((sum, { count }) => sum + count, 0);
  const shown = faults.slice(0, MAX_FAULTS).map(({ action, count }) => `${nameOf(action)} ${count}`);
  const left = faults.length - shown.length;
  return [`  faults put in on purpose: ${total} (${shown.join(', ')}${left === 0 ? '' : `, … ${left} more`})`];
}

function openCalls({ unanswered: { count, first } }: StatsDocument, theme: Theme): readonly string[] {
  const shown = first.slice(0, MAX_OPEN);
  const left = count - shown.length;
  return [
    ...shown.map((call) => `${theme.warn(openText(call))}\n`),
    ...(left === 0 ? [] : [theme.dim(`  … ${left} more without an answer\n`)]),
  ];
}

function openText({ n, us, method, tool, status, server }: OpenCall): string {
  const what = `${visible(method ?? 'a batch')}${tool === undefined ? '' : ` ${visible(tool)}`}`;
  return `  #${n} at ${formatTime(us)} ${ofServer(server)}${what}: ${status}`;
}

/** An end with status 0 is what happens to every server. */
function isWorthTelling({ code }: ServerExit): boolean {
  return code !== 0;
}

function exitText({ us, code, signal, server }: ServerExit): string {
  const how = signal === null ? `code ${code ?? 'unknown'}` : visible(signal);
  return `  at ${formatTime(us)} ${ofServer(server)}server exited: ${how}`;
}

function contextText({ server, fetches, unchanged, bytes, tokens, tools }: ContextCost, theme: Theme): string {
  const again = unchanged === 0 ? '' : `, ${unchanged} of them unchanged`;
  const cost = `${formatBytes(bytes)}, about ${tokens} tokens (bytes / 4)`;
  const shown = tools.slice(0, MAX_TOOLS);
  const left = tools.length - shown.length;
  return [
    `\n${theme.strong('context cost')} ${ofServer(server)}${counted(tools.length, 'tool')}: ${cost}; fetched ${counted(fetches, 'time')}${again}\n`,
    ...shown.map(
      (tool) =>
        `${formatBytes(tool.bytes).padStart(9)}  ${String(tool.tokens).padStart(6)} tokens  ${nameOf(tool.name)}\n`,
    ),
    ...(left === 0 ? [] : [theme.dim(`           … ${left} more; --json has them\n`)]),
  ].join('');
}

function ofServer(server: string | undefined): string {
  return server === undefined ? '' : `[${visible(server)}] `;
}

function nameOf(name: string | undefined): string {
  const shown = visible((name ?? '(without a name)').slice(0, MAX_NAME * 2));
  return shown.length <= MAX_NAME ? shown : `${shown.slice(0, MAX_NAME - 1)}…`;
}
