import type { Exchange } from '@mcp-dbg/protocol';
import { peerOf } from '@mcp-dbg/wire';

/** UTF-16 units of one part of an address at most: peers choose their names. */
const MAX_PART = 200;

/**
 * The address that a viewer shows for an exchange: `mcp+stdio://weather/tools/call/forecast`. What a server sends to its
 * client stands below `to-client`. Whatever the names are, the address is valid and its parts stay apart.
 */
export function harUrl(host: string, exchange: Exchange): string {
  return ['mcp+stdio:/', partOf(host), ...pathOf(exchange)].join('/');
}

function pathOf({ kind, from, method, tool, status }: Exchange): readonly string[] {
  const what = method === undefined ? [status === 'orphan' ? 'orphan' : kind] : method.split('/').slice(0, 8);
  const asker = kind === 'response' ? peerOf(from) : from;
  const parts = [...(asker === 'server' ? ['to-client'] : []), ...what, ...(tool === undefined ? [] : [tool])];
  return parts.map((part) => partOf(part));
}

function partOf(name: string): string {
  const text = name.slice(0, MAX_PART).replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
  // These would be taken as the way up, or as nothing.
  return /^\.{0,2}$/.test(text) ? `(${text})` : encodeURIComponent(text);
}
