import type { FilterSide, FilterSubject } from '@mcp-dbg/capture';
import type { Exchange } from '@mcp-dbg/protocol';

import type { LiveTraffic } from '../live/live-traffic.ts';
import type { RelayFrame } from '../relay-frame.ts';

/** A frame that comes by, with what it belongs to as far as that has come: a request without its answer, say. */
export interface Sight {
  readonly exchange: Exchange;
  /** Which side of the exchange the frame is; undefined where it stands alone, as a notification and noise do. */
  readonly side: FilterSide | undefined;
  readonly subject: FilterSubject;
}

/** Sees a frame that is no piece; a batch as the first thing that it begins or answers. */
export function sightOf(frame: RelayFrame, live: LiveTraffic): Sight {
  const [first] = live.see(frame);
  if (first === undefined) throw new TypeError('a frame neither begins nor answers an exchange');
  return { ...first, side: sideOf(first.exchange) };
}

function sideOf({ answer, status }: Exchange): FilterSide | undefined {
  if (answer !== undefined || status === 'orphan') return 'res';
  return status === undefined ? undefined : 'req';
}
