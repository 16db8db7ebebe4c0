import type { Readable } from 'node:stream';

import { LineSplitter } from '@mcp-dbg/wire';

/** The lines of a stream that is no terminal. Nothing is read before it is asked for, so nothing can be lost. */
export async function* linesOf(stream: Readable): AsyncGenerator<string, void> {
  const splitter = new LineSplitter();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\r$/, '');
  for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
    for (const line of splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) yield decode(line.bytes);
  }
  const rest = splitter.end();
  if (rest !== undefined) yield decode(rest.bytes);
}
