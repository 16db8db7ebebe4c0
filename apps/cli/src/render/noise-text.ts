import type { ServerEvent } from '@mcp-dbg/core';

import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Characters of the line that are quoted at most. */
const MAX_QUOTE = 80;

/** May be a piece of a message that is spread over lines, or beside noise; core has a finding for such. */
const PIECE = /^\s|^[[{"}\]]|"jsonrpc"/;

/** A whole message that was spoilt: nothing is left open at its end, as where a message goes on in the next line. */
const SPOILT = /^\s*\[?\{.*[^\s,:{[]\s*$/s;
/** How the reading of a line fails in which more than one message stands; core has a finding for such. */
const SEVERAL = /after JSON/;

/**
 * A line of a server's stdout that is no message, or such an answer of one behind a URL, in a sentence; undefined for
 * every other event, and for what is not the server's own.
 */
export function noiseText(event: ServerEvent, theme: Theme, isRemote: boolean): string | undefined {
  if (event.type !== 'frame' || event.frame.from !== 'server') return undefined;
  const { frame, reading } = event;
  if (frame.by !== undefined) return undefined;
  if (reading.kind !== 'not-json' && reading.kind !== 'not-json-rpc') return undefined;
  const { text = '', reason } = reading;
  const isSpoilt = reading.kind === 'not-json' && SPOILT.test(text) && !SEVERAL.test(reason);
  if (PIECE.test(text) && !isSpoilt && !(reading.kind === 'not-json-rpc' && text.startsWith('{'))) return undefined;
  if (text === '' && frame.bytes.length === 0) return undefined;
  const quote = text === '' ? visible(reason) : `"${visible(text.trim().slice(0, MAX_QUOTE))}"`;
  if (isSpoilt)
    return theme.warn(
      `${visible(event.server)}: wrote a message that is not JSON: ${visible(reason)} [frame ${frame.n}]`,
    );
  const what = isRemote
    ? `answered with what is no message: ${quote}`
    : `wrote to stdout what is no message: ${quote}; stdout is the protocol's, logs go to stderr`;
  return theme.warn(`${visible(event.server)}: ${what} [frame ${frame.n}]`);
}
