import { createHmac } from 'node:crypto';

import { Redactor, type RedactorOptions } from '@mcp-dbg/capture/redact';

/** A redactor with a fingerprint as the command has it, but with a key that stays the same. */
export function redactor(options: Partial<RedactorOptions> = {}): Redactor {
  const fingerprint = (secret: string): string =>
    createHmac('sha256', 'a key for tests').update(secret).digest('hex').slice(0, 12);
  return new Redactor({ fingerprint, ...options });
}

/** Redacts one line of text. */
export function redacted(line: string, by: Redactor = redactor()): string {
  return Buffer.from(by.redactLine(Buffer.from(line))).toString();
}

/** The placeholders of a text, in order. */
export function placeholders(text: string): readonly string[] {
  return text.match(/«redacted:[^»]*»/g) ?? [];
}

/** The text with every placeholder made short, so that an expectation can be read. */
export function shortened(text: string): string {
  return text.replaceAll(/«redacted:([^»]*):[0-9a-f]+»/g, '<$1>');
}

/** Everything that a generator gives. */
export async function collected<Each>(from: AsyncIterable<Each>): Promise<readonly Each[]> {
  const all: Each[] = [];
  for await (const each of from) all.push(each);
  return all;
}
