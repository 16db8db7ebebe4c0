import { type IdText, type RequestReading, readFrame } from '@mcp-dbg/wire';

/** A line of this text, every character a byte of it. */
export function lineOf(text: string): Uint8Array {
  return Uint8Array.from(`${text}\n`, (char) => char.charCodeAt(0));
}

/** The request in a text. */
export function requestIn(text: string): RequestReading {
  const reading = readFrame(lineOf(text).subarray(0, -1));
  if (reading.kind !== 'request') throw new Error(`No request: ${text}`);
  return reading;
}

/** One message as it is, several as a batch. */
export function together(texts: readonly string[]): string {
  return texts.length === 1 ? texts.join('') : `[${texts.join(',')}]`;
}

export function resultText(id: IdText, result: unknown): string {
  return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`;
}

export function notifying(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params });
}

export function cancelling(id: IdText): string {
  return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`;
}
