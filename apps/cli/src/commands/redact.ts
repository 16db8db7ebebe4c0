import { writeRecords } from '@mcp-dbg/capture';
import { redactRecords } from '@mcp-dbg/capture/redact';

import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { writeOutput } from '../output-file.ts';
import { redactConfig } from '../project-config.ts';
import { openReading } from '../reading.ts';
import { redactionText, redactorFor } from '../redaction.ts';
import { safeJson } from '../render/visible.ts';

export interface RedactOptions {
  readonly output?: string;
  readonly pattern?: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * Makes a copy of a capture in which what looks like a secret is replaced, and every other byte is as it was. Says on
 * stderr what was replaced. Gives the exit code.
 */
export async function redact(io: Io, words: readonly string[], options: RedactOptions): Promise<number> {
  const { output, json = false } = options;
  const redactor = redactorFor(io, [...redactConfig(io, options.config), ...(options.pattern ?? [])]);
  using reading = await openReading(io, words);
  if (reading.filter !== undefined)
    throw new CliError('USAGE', 'redact copies all of a capture and takes no filter; mcp-dbg export takes one');
  if (output === undefined && io.terminal.stdout)
    throw new CliError('USAGE', 'Name the file for the copy: mcp-dbg redact CAPTURE -o FILE; or send it into a pipe');
  const isRead = await writeOutput(io, output, reading.path, async (out) => {
    for await (const bytes of writeRecords(redactRecords(reading.records(), redactor)))
      if (!(await out.write(bytes))) break;
  });
  if (!isRead) return EXIT.good;
  const report = redactor.report();
  io.stderr.write(json ? `${safeJson(JSON.stringify({ redacted: report }))}\n` : redactionText(report));
  return EXIT.good;
}
