import type { KeptFrame } from './kept-traffic.ts';

const ID = String.raw`("(?:[^"\\]|\\.){0,100}"|-?\d{1,20})`;
/** The members before the first that holds other members, or a text without end. */
const OPENING = /^\s*\{(?:\s*"[a-z]+"\s*:\s*(?:"[^"\\]{0,100}"|-?\d+)\s*,)*/;
const ID_AT_START = new RegExp(String.raw`"id"\s*:\s*${ID}\s*,`);
const ID_AT_END = new RegExp(String.raw`[}\]"\d]\s*,\s*"id"\s*:\s*${ID}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);
const REQUESTS = /"method"\s*:/;

/**
 * Of a line of which only the beginning and the end are kept: an answer to the same request, with an empty result.
 * Undefined where the line is no answer, or does not say to what where writers of JSON-RPC say it: among the first members,
 * or at the very end.
 */
export function cutAnswer({ bytes, tail, terminated }: KeptFrame): Uint8Array | undefined {
  if (!terminated) return undefined;
  const [opening] = OPENING.exec(textOf(bytes.subarray(0, 1000))) ?? [];
  if (opening === undefined || REQUESTS.test(opening)) return undefined;
  const [, id] = ID_AT_START.exec(opening) ?? ID_AT_END.exec(textOf(tail)) ?? [];
  return id === undefined ? undefined : Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
