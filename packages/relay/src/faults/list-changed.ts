import { type Exchange, META_KEYS, eraOf } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';

import type { LiveTraffic } from '../live/live-traffic.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { Sight } from './sight.ts';

const METHOD = 'notifications/tools/list_changed';

/**
 * What tells the client that the tools changed: a notification, in the modern era one for each stream that wants to hear of
 * it (spec 2026-07-28, basic/utilities/subscriptions). Empty where the client cannot be told.
 */
export function listChanged({ exchange }: Sight, live: LiveTraffic): readonly RelayFrame[] {
  const era = exchange.version === undefined ? undefined : eraOf(exchange.version);
  switch (era) {
    case 'legacy':
      return [RelayFrame.ours('server', JSON.stringify({ jsonrpc: '2.0', method: METHOD }))];
    case 'modern':
      return live.pending.filter(wantsTools).map(({ id = 'null' }) => throughStream(id));
    case undefined:
      return [];
  }
}

function throughStream(id: string): RelayFrame {
  const meta = `{${JSON.stringify(META_KEYS.subscriptionId)}:${id}}`;
  return RelayFrame.ours('server', `{"jsonrpc":"2.0","method":"${METHOD}","params":{"_meta":${meta}}}`);
}

function wantsTools({ method, frame }: Exchange): boolean {
  if (method !== 'subscriptions/listen') return false;
  const reading = readFrame(frame.bytes);
  const params = reading.kind === 'request' ? reading.params : undefined;
  const wanted = memberOf(params, 'notifications');
  return memberOf(wanted, 'toolsListChanged') === true;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
