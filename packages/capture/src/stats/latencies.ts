/** Each bucket ends 2 % above the one before: what stands for a bucket is 1 % off at most. */
const GROWTH = 1.02;
const LOG_GROWTH: number = Math.log(GROWTH);

/** The last bucket ends at about three hours; what takes longer is in it too. */
const BUCKETS = 1180;

/** A number of durations as a curve. */
export interface LatencySummary {
  readonly count: number;
  /** Milliseconds. The shares are 1 % off at most; `max` and `total` are exact. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly total: number;
  /** How many were how long: from the shortest to the longest in steps of equal ratio. */
  readonly curve: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
}

/** The bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
  const us = ms * 1000;
  return us < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(us) / LOG_GROWTH));
}

/** Durations, as many as there may be, in memory that does not grow. */
export class Latencies {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #total = 0;
  #min = Infinity;
  #max = 0;

  /** Adds one, with its bucket, which several share. */
  add(ms: number, bucket: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#total += ms;
    if (ms < this.#min) this.#min = ms;
    if (ms > this.#max) this.#max = ms;
  }

  /** Undefined where there are none. The curve has so many steps at most. */
  summary(steps: number): LatencySummary | undefined {
    if (this.#count === 0) return undefined;
    const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => this.#share(share));
    return { count: this.#count, p50, p95, p99, max: this.#max, total: this.#total, curve: this.#curve(steps) };
  }

  /** The duration below or at which a share of all lies. */
  #share(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
    }
    return this.#max;
  }

  #curve(steps: number): LatencySummary['curve'] {
    const first = bucketOf(this.#min);
    const last = bucketOf(this.#max);
    const counts = Array.from({ length: Math.min(steps, last - first + 1) }, () => 0);
    const width = (last - first + 1) / counts.length;
    for (let bucket = first; bucket <= last; bucket++) {
      const step = Math.min(counts.length - 1, Math.floor((bucket - first) / width));
      counts[step] = (counts[step] ?? 0) + (this.#counts[bucket] ?? 0);
    }
    return { from: this.#min, to: this.#max, counts };
  }
}

/** What stands for a bucket, in milliseconds. */
function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : GROWTH ** (bucket - 0.5) / 1000;
}
