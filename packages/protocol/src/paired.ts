import type { Exchange, ExchangeKind, ExchangeStatus, Placed } from './exchange.ts';
import type { Outline } from './outline.ts';

/** How a request that was answered fared. */
export type Outcome = 'ok' | 'tool-error' | 'error';

/** An exchange to which others belong, without its frames. */
export type Cause = Pick<Exchange<Placed>, 'n' | 'method' | 'version'>;

/** What is known of a frame that stands alone. */
interface Known {
  readonly method: string | undefined;
  readonly version: string | undefined;
  readonly of: number | undefined;
}

/** What a request is from the first, beside what its outline says. */
interface Asked {
  readonly version: string | undefined;
  /** True where it is the first thing that the client says. */
  readonly opens: boolean;
  readonly of: number | undefined;
  readonly round: number | undefined;
}

/** A frame that stands alone, or does not have its answer yet. */
export function standsAlone<F extends Placed>(frame: F, kind: ExchangeKind, known: Known): Exchange<F> {
  return {
    n: frame.n,
    us: frame.us,
    from: frame.from,
    kind,
    id: undefined,
    method: known.method,
    tool: undefined,
    status: undefined,
    ms: undefined,
    version: known.version,
    probe: false,
    of: known.of,
    round: undefined,
    frame,
    answer: undefined,
  };
}

/** A request that waits for its answer. */
export function asked<F extends Placed>(frame: F, { id, method, tool }: Outline, as: Asked): Exchange<F> {
  return {
    n: frame.n,
    us: frame.us,
    from: frame.from,
    kind: 'request',
    id,
    method,
    tool,
    status: 'pending',
    ms: undefined,
    version: as.version,
    probe: as.opens && method === 'server/discover',
    of: as.of,
    round: as.round,
    frame,
    answer: undefined,
  };
}

/** What an answer makes of a request. */
interface Answered {
  readonly status: ExchangeStatus;
  readonly ms: number;
  readonly version: string | undefined;
  readonly round: number | undefined;
}

/**
 * A request with its answer. Like all of them key by key and in one order: this is done for every frame of a capture,
 * and objects of one shape are much faster than spreads.
 */
export function withAnswer<F extends Placed>(exchange: Exchange<F>, answer: F, as: Answered): Exchange<F> {
  return {
    n: exchange.n,
    us: exchange.us,
    from: exchange.from,
    kind: exchange.kind,
    id: exchange.id,
    method: exchange.method,
    tool: exchange.tool,
    status: as.status,
    ms: as.ms,
    version: as.version,
    probe: exchange.probe,
    of: exchange.of,
    round: as.round,
    frame: exchange.frame,
    answer,
  };
}

/** A request that was answered at this time by what was not passed on. */
export function answeredUnseen<F extends Placed>(asked: Exchange<F>, answer: Outline, us: number): Exchange<F> {
  const ms = Math.max(0, us - asked.frame.endUs) / 1000;
  return { ...asked, status: outcomeOf(asked, answer), ms, version: answer.version ?? asked.version };
}

/** What an answer means for what was asked: only a tool, or a batch that may hold one, fails with a result. */
export function outcomeOf({ kind, tool }: Exchange<Placed>, answer: Outline): Outcome {
  if (answer.kind === 'error') return 'error';
  return answer.isError && (tool !== undefined || kind === 'batch') ? 'tool-error' : 'ok';
}

/** The worse of two outcomes. */
export function worse(one: Outcome, other: Outcome): Outcome {
  if (one === 'error' || other === 'error') return 'error';
  return one === 'ok' ? other : one;
}
