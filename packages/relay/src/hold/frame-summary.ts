import type { LiveExchange } from '../live/live-traffic.ts';
import type { RelayFrame } from '../relay-frame.ts';
import type { FrameSummary } from './decision.ts';

/** Characters of a peer's own words that a sentence quotes at most. */
const MAX_QUOTED = 80;

const PIECE: FrameSummary = { kind: 'piece', id: undefined, method: undefined, tool: undefined, status: undefined };

/** What a frame is, from the exchanges that it began or answered. */
export function summaryOf(frame: RelayFrame, [first]: readonly LiveExchange[]): FrameSummary {
  if (first === undefined) return PIECE;
  const { kind, id, method, tool, status, answer } = first.exchange;
  const isBatch = frame.reading.kind === 'batch';
  const isAnswer = answer !== undefined;
  return {
    kind: isBatch ? 'batch' : isAnswer ? 'response' : kind,
    id,
    method,
    tool,
    status: status === 'pending' || status === 'lost' || (status === 'cancelled' && !isAnswer) ? undefined : status,
  };
}

/** The same as words of a sentence, such as `the request tools/call echo (id 2)`. */
export function summaryText({ kind, id, method, tool }: FrameSummary): string {
  const name = [method, tool].filter((each) => each !== undefined).join(' ');
  const called = kind === 'response' ? `answer${name === '' ? '' : ` to ${name}`}` : `${kind} ${name}`;
  return `the ${shortened(called.trim())}${id === undefined ? '' : ` (id ${shortened(id)})`}`;
}

function shortened(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 1)}…` : text;
}
