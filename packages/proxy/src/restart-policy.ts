/** A server that lived this long has started well, whatever it answered (milliseconds). */
const PROVEN_AFTER_MS = 10_000;
/** Milliseconds of wait after the first, second, … failed start in a row. */
const WAITS_MS: readonly number[] = [0, 500, 1000, 2000, 4000];
/** A server that used up its waits is tried at most this often, and only when somebody wants it (milliseconds). */
const ON_DEMAND_MS = 30_000;

/** What the policy must remember of one server. Times are milliseconds on the caller's clock. */
export interface RestartRecord {
  /** Failed starts in a row. */
  readonly failures: number;
  readonly lastStartAt: number;
}

/** A server that was never started. */
export const NEVER_STARTED: RestartRecord = { failures: 0, lastStartAt: Number.NEGATIVE_INFINITY };

/** Who wants the server: nobody but us, a turn or request that needs it, or the user in so many words. */
export type RestartCause = 'itself' | 'demand' | 'user';

export type RestartDecision =
  | { readonly kind: 'start'; readonly afterMs: number }
  /** Not now: the earliest time for which a demand will be heard. */
  | { readonly kind: 'rest'; readonly untilMs: number };

export function started(record: RestartRecord, now: number): RestartRecord {
  return { ...record, lastStartAt: now };
}

/**
 * Notes a server's end. The start has failed if it ended before it answered anything but the handshake and lists
 * and before it lived 10 s; any other end clears the record. So a good handshake alone never resets the brake.
 */
export function ended(
  record: RestartRecord,
  life: { readonly proven: boolean; readonly uptimeMs: number },
): RestartRecord {
  const failed = !life.proven && life.uptimeMs < PROVEN_AFTER_MS;
  return { ...record, failures: failed ? record.failures + 1 : 0 };
}

/** Notes a refusal that another start would meet again: from now on the server is left alone until somebody wants it. */
export function refused(record: RestartRecord): RestartRecord {
  return { ...record, failures: WAITS_MS.length + 1 };
}

/** Says when a server may be started again: at once after a good life, slower and slower after failed starts. */
export function nextStart(record: RestartRecord, cause: RestartCause, now: number): RestartDecision {
  if (record.failures === 0 || cause === 'user') return { kind: 'start', afterMs: 0 };
  const wait = WAITS_MS[record.failures - 1];
  if (wait !== undefined) return { kind: 'start', afterMs: wait };
  const untilMs = record.lastStartAt + ON_DEMAND_MS;
  return cause === 'demand' && now >= untilMs ? { kind: 'start', afterMs: 0 } : { kind: 'rest', untilMs };
}
