import { type EventEntry, type OpenRecord, type StderrEntry, isInterference } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { counted } from '../render/counted.ts';
import { eventSentence } from '../render/event-sentence.ts';
import { formatTime } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';
import { headOf } from './frame-text.ts';
import type { Entries } from './in-time-order.ts';
import { LastOf } from './last-of.ts';
import { codeBlock, codeSpan } from './markdown-text.ts';
import { nameOfCapture } from './name-of-capture.ts';
import { type Environment, ReportEnvironment } from './report-environment.ts';
import { ReportExchanges } from './report-exchanges.ts';
import { ReportFailures } from './report-failures.ts';
import { findingsMarkdown } from './report-findings.ts';

/** Lines of stderr that are shown, and characters of each at most. */
const MAX_LINES = 20;
const MAX_LINE = 300;

/** Faults and notes that are shown, and characters of each at most. */
const MAX_DONE = 20;
const MAX_DONE_LINE = 300;

/** Servers that the title names at most. */
const MAX_SERVERS = 3;

/**
 * A capture as a bug report in Markdown that can be filed as it is: what ran, what failed, what was done to the traffic, which rules are broken, the
 * last exchanges and the last lines of stderr. What peers wrote stands in code spans and blocks only, so that none of it
 * is Markdown, HTML, a mention or a link. Holds no more than it shows.
 */
export async function* exportMarkdown(
  entries: Entries,
  findings: readonly CaptureFinding[],
  environment: Environment,
): AsyncGenerator<string, void, undefined> {
  const ran = new ReportEnvironment();
  const failures = new ReportFailures();
  const exchanges = new ReportExchanges();
  const stderr = new LastOf<string>(MAX_LINES);
  const servers = new Set<string>();
  const done = new LastOf<string>(MAX_DONE);
  let opened: OpenRecord | undefined;
  for await (const entry of entries) {
    if (entry.server !== undefined && servers.size < MAX_SERVERS) servers.add(entry.server);
    switch (entry.kind) {
      case 'exchange':
        ran.see(entry);
        failures.see(entry);
        exchanges.see(entry);
        break;
      case 'stderr':
        failures.stderr(entry);
        stderr.add(stderrLine(entry));
        break;
      case 'event':
        ran.event(entry);
        failures.event(entry);
        if (isInterference(entry.event)) done.add(doneLine(entry));
        if (entry.event.t === 'open') opened ??= entry.event;
        break;
    }
  }
  failures.end();
  yield `# ${titleOf(nameOf(opened, servers), failures.count, findings.length)}\n`;
  yield section('Environment', ran.markdown(environment));
  yield section('What failed', failures.markdown());
  if (done.count > 0) yield section('What mcp-dbg did to the traffic', doneMarkdown(done));
  yield section('Findings', findingsMarkdown(findings));
  yield section('Last exchanges', exchanges.markdown());
  yield section('stderr', stderrMarkdown(stderr));
  yield '\nFrame numbers are those of the capture: `mcp-dbg show N` shows one whole, `mcp-dbg log` lists them all.\n';
}

/** A capture of one server is named as it is; one of a session with several has only their names. */
function nameOf(opened: OpenRecord | undefined, servers: ReadonlySet<string>): string {
  const isNamed = opened?.label !== undefined || opened?.argv !== undefined;
  return isNamed || servers.size === 0 ? nameOfCapture(opened ?? {}) : [...servers].join(', ');
}

function titleOf(name: string, failures: number, findings: number): string {
  return `MCP report of ${codeSpan(name, 80)}: ${counted(failures, 'failure')}, ${counted(findings, 'finding')}`;
}

function section(title: string, text: string): string {
  return `\n## ${title}\n\n${text}\n`;
}

function stderrLine({ bytes, server }: StderrEntry): string {
  const { text, isCut } = headOf(bytes, MAX_LINE);
  return `${server === undefined ? '' : `[${visible(server).slice(0, 80)}] `}${visible(text)}${isCut ? '…' : ''}`;
}

/** A reader who does not know of it takes it for a failure of the peers. */
function doneLine({ us, event, server }: EventEntry): string {
  const text = codeSpan(eventSentence(event).text, MAX_DONE_LINE);
  return `- at ${formatTime(us)}${server === undefined ? '' : `, server ${codeSpan(server, 80)}`}: ${text}`;
}

function doneMarkdown({ items, count }: LastOf<string>): string {
  const part = items.length < count ? [`The last ${items.length} of ${count}:`, ''] : [];
  return [...part, ...items].join('\n');
}

function stderrMarkdown(stderr: LastOf<string>): string {
  if (stderr.count === 0) return 'Nothing was written to stderr.';
  const { items } = stderr;
  const part = items.length < stderr.count ? [`The last ${items.length} of ${stderr.count} lines:`, ''] : [];
  return [...part, codeBlock(items.join('\n'), 'text')].join('\n');
}
