import type { EventEntry, ExchangeEntry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import type { Exchange } from '@mcp-dbg/protocol';
import type { Sender } from '@mcp-dbg/wire';

import { eventSentence } from '../render/event-sentence.ts';
import { formatMs } from '../render/sizes.ts';
import { errorText } from './error-text.ts';
import type { FrameMoment } from './in-time-order.ts';
import { shortText } from './short-text.ts';

/** Characters of names and texts of peers within a label at most, so that what follows them has room. */
const MAX_NAME = 30;

/** One line of a diagram: an arrow between client and server, or a note over one of them. Its text may be a peer's, raw. */
export type Step =
  | {
      readonly kind: 'message';
      readonly from: Sender;
      readonly server: string;
      readonly arrow: Arrow;
      readonly text: string;
    }
  | {
      readonly kind: 'note';
      readonly over: Sender;
      readonly server: string;
      readonly text: string;
      /** Notes in a row of the same `fold` become one, which counts them; undefined for one that stands alone. */
      readonly fold: 'stderr' | 'noise' | undefined;
    };

/** What is asked, answered, said unasked, and what never arrived. */
type Arrow = '->>' | '-->>' | '-)' | '-x';

/** A frame as a step; noise becomes a note. */
export function frameStep({ of: { exchange }, frame, isAnswer }: FrameMoment, server: string): Step {
  const { kind, n, from, of } = exchange;
  const ours = frame.by === undefined ? '' : ` (by ${shortText(frame.by, MAX_NAME)})`;
  const step = (arrow: Arrow, text: string): Step => ({
    kind: 'message',
    from: frame.from,
    server,
    arrow,
    text: text + ours,
  });
  const name = nameOf(exchange);
  if (isAnswer) return step('-->>', `${n}. ${outcomeOf(exchange)}`);
  switch (kind) {
    case 'request':
    case 'batch': {
      const round =
        exchange.round === undefined || exchange.round === 1 ? '' : `, round ${exchange.round} of ${of ?? n}`;
      if (exchange.status === undefined) return step('-)', `${n}. ${name}`);
      return step(exchange.status === 'lost' ? '-x' : '->>', `${n}. ${name}${round}${unanswered(exchange)}`);
    }
    case 'notification':
      return step('-)', `${n}. ${name}${of === undefined ? '' : ` of ${of}`}`);
    case 'response':
      return exchange.status === 'orphan'
        ? step('-->>', `${n}. answers ${orphanOf(of, frame)}`)
        : step('-->>', `${n}. late answer to ${of ?? name}: ${outcomeOf({ ...exchange, answer: frame })}`);
    case 'noise':
      return {
        kind: 'note',
        over: from,
        server,
        text: new TextDecoder().decode(frame.bytes.subarray(0, 400)),
        fold: 'noise',
      };
  }
}

/** What an answer is to that no request in the capture waits for; one of ours is to one that was not passed on. */
function orphanOf(of: number | undefined, { by }: FrameMoment['frame']): string {
  if (of !== undefined) return `${of} once more`;
  return by === undefined ? 'no request' : 'what was not passed on';
}

/** An event as a note; undefined for one that no reader of a diagram looks for. */
export function eventStep({ event, conn }: EventEntry, server: string): Step | undefined {
  if (event.t === 'open' || event.t === 'close' || event.t === 'eof' || event.t === 'other') return undefined;
  if (event.t === 'http' && event.status !== undefined && event.status < 400) return undefined;
  const over = conn === undefined ? 'client' : 'server';
  return { kind: 'note', over, server, text: eventSentence(event).text, fold: undefined };
}

/** A finding as a note over who is at fault. */
export function findingStep({ level, rule, message, from }: CaptureFinding, server: string): Step {
  return { kind: 'note', over: from ?? 'server', server, text: `${level} ${rule}: ${message}`, fold: undefined };
}

function nameOf({ kind, method, tool }: ExchangeEntry['exchange']): string {
  const name = shortText(method ?? kind, MAX_NAME);
  return tool === undefined ? name : `${name} ${shortText(tool, MAX_NAME)}`;
}

function outcomeOf(exchange: Exchange): string {
  const { status, ms, answer } = exchange;
  const duration = ms === undefined ? '' : `, ${formatMs(ms)}`;
  if (status === 'error') return `error ${shortText(errorText(answer), MAX_NAME)}${duration}`;
  return `${status === 'cancelled' ? 'answered, though cancelled' : (status ?? 'answer').replace('-', ' ')}${duration}`;
}

function unanswered({ status, answer }: Exchange): string {
  return answer === undefined && status !== 'ok' && status !== undefined ? ` (${status})` : '';
}
