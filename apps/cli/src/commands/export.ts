import { type CaptureRecord, readCapture, type TornStretch } from '@mcp-dbg/capture';
import { type Redactor, redactRecords } from '@mcp-dbg/capture/redact';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';

import { Completeness } from '../completeness.ts';
import { entriesOf, matching } from '../entries-of.ts';
import { EXIT } from '../exit-code.ts';
import { exportHar } from '../export/export-har.ts';
import { exportJson } from '../export/export-json.ts';
import { exportMarkdown } from '../export/export-markdown.ts';
import { exportMermaid } from '../export/export-mermaid.ts';
import type { Entries } from '../export/in-time-order.ts';
import { FindingsByFrame } from '../findings-by-frame.ts';
import { findingsAbout, findingsIn } from '../findings-of.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { redactConfig } from '../project-config.ts';
import { type Reading, openReading } from '../reading.ts';
import { redactFinding, redactionText, redactorFor } from '../redaction.ts';
import { VERSION } from '../version.ts';

export type ExportFormat = 'json' | 'har' | 'mermaid' | 'md';

export interface ExportOptions {
  readonly to: ExportFormat;
  readonly output?: string;
  readonly withSecrets?: boolean;
  readonly pattern?: readonly string[];
  readonly config?: string;
}

/**
 * Writes a capture, or what of it a filter lets through, in a form that other programs and people read. What looks like
 * a secret is replaced first, and what was replaced is said on stderr, except with `withSecrets`. Gives the exit code.
 */
export async function exportCapture(io: Io, words: readonly string[], options: ExportOptions): Promise<number> {
  const { to, output, withSecrets = false } = options;
  const patterns = withSecrets ? [] : [...redactConfig(io, options.config), ...(options.pattern ?? [])];
  const redactor = withSecrets ? undefined : redactorFor(io, patterns);
  using reading = await openReading(io, words, true);
  // JSON says nothing of findings.
  const isChecked = to !== 'json' || reading.filter?.needs.findings === true;
  // Checked is what crossed the wire, not the copy: a placeholder may be longer than a schema allows.
  const all = isChecked ? await everythingWrong(reading) : [];
  const byFrame = new FindingsByFrame(all);
  const isPart = reading.filter !== undefined && to !== 'json';
  const told = isPart
    ? await findingsAbout(
        entriesOf(reading, (each) => byFrame.of(each)),
        byFrame,
      )
    : all;
  const findings = redactor === undefined ? told : told.map((finding) => redactFinding(finding, redactor));
  const entries = matching(readCapture(recordsOf(reading, redactor)), reading.filter, (each) => byFrame.of(each));
  const isRead = await writeOutput(io, output, reading.path, async (out) => {
    for await (const chunk of exported(to, entries, findings)) if (!(await out.write(chunk))) break;
  });
  if (redactor !== undefined && isRead) io.stderr.write(redactionText(redactor.report()));
  return EXIT.good;
}

async function everythingWrong(reading: Reading): Promise<readonly CaptureFinding[]> {
  const linter = new CaptureLinter();
  const completeness = new Completeness();
  const found = await findingsIn(completeness.of(reading.records()), linter);
  return [...found, ...completeness.findings(linter.frames)];
}

function recordsOf(reading: Reading, redactor: Redactor | undefined): AsyncIterable<CaptureRecord | TornStretch> {
  return redactor === undefined ? reading.records() : redactRecords(reading.records(), redactor);
}

function exported(to: ExportFormat, entries: Entries, findings: readonly CaptureFinding[]): AsyncGenerator<string> {
  switch (to) {
    case 'json':
      return exportJson(entries);
    case 'har':
      return exportHar(entries, findings, { version: VERSION });
    case 'mermaid':
      return exportMermaid(entries, findings, { fence: true });
    case 'md':
      return exportMarkdown(entries, findings, {
        version: VERSION,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
      });
  }
}
