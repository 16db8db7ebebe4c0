/** How a server ended after its input had ended: by itself within the time that it is given, or by a signal. */
export type End = 'by itself' | 'SIGTERM' | 'SIGKILL';

/** What one run of a server came to, as a capture tells it. */
export interface SeenRun {
  /** Milliseconds from the start of the process to its answer to the opening of the protocol. */
  readonly startMs: number;
  readonly end: End;
  /** Processes that were started. */
  readonly starts: number;
}

/** An entry of `log --json`. */
interface Logged {
  readonly us: number;
  readonly kind: string;
  readonly method: string | null;
  readonly status: string | null;
  readonly ms: number | null;
  readonly raw: string | null;
}

/** What opens the protocol, in either era. */
const OPENING: ReadonlySet<string | null> = new Set(['initialize', 'server/discover']);

/** Reads what `log --json` says of the capture of one run. Throws where there was no server that answered and ended. */
export function seenRun(log: string): SeenRun {
  const entries = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Logged);
  const records = entries
    .filter(({ kind }) => kind === 'event')
    .map(({ us, raw }) => ({ us, ...(JSON.parse(raw ?? '{}') as { t: string; signal?: string | null }) }));
  const starts = records.filter(({ t }) => t === 'spawn');
  const opened = entries.find(({ method, status }) => OPENING.has(method) && status === 'ok');
  const exit = records.findLast(({ t }) => t === 'exit');
  const start = starts.at(-1);
  if (start === undefined || opened === undefined || opened.ms === null || exit === undefined)
    throw new Error('The server did not start, answer and end');
  const signals = records.filter(({ t, us }) => t === 'signal' && us > start.us).map(({ signal }) => signal);
  const end = signals.includes('SIGKILL') ? 'SIGKILL' : signals.includes('SIGTERM') ? 'SIGTERM' : 'by itself';
  return { startMs: (opened.us - start.us) / 1000 + opened.ms, end, starts: starts.length };
}
