/** Why a value cannot be read: the rest of a sentence that begins with the value, and what to write instead. */
export interface Refusal {
  readonly problem: string;
  readonly suggestion: string | undefined;
}

/** The longest time that a timer can take, in milliseconds; a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/** The most bytes that a fault makes: enough for every limit of a reader, and not for all memory. */
const MAX_BYTES = 256 * 1024 * 1024;

const TIMES: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1000,
  m: 1_000_000,
  mb: 1_000_000,
  kib: 1024,
  mib: 1024 * 1024,
};

const QUANTITY = /^(\d{1,12}(?:\.\d{1,6})?)([a-z]*)$/;

/** Reads a time, such as `500ms`, as whole milliseconds. */
export function readTime(text: string): number | Refusal {
  const [, digits, unit = ''] = QUANTITY.exec(text.toLowerCase()) ?? [];
  if (digits === undefined) return refusal('is no time; write a number and ms, s or m, such as 500ms');
  const factor = TIMES[unit];
  if (factor === undefined && unit === '')
    return refusal(`has no unit; write ${digits}ms or ${digits}s`, `${digits}ms`);
  if (factor === undefined) return refusal('has a unit that I do not know (there are ms, s and m)');
  const ms = Math.round(Number(digits) * factor);
  return ms <= MAX_MS ? ms : refusal('is too long; 24 days are the most');
}

/** Reads a size, such as `32k` or `12MiB`, as bytes: 1 at least. */
export function readSize(text: string): number | Refusal {
  const [, digits, unit = ''] = QUANTITY.exec(text.toLowerCase()) ?? [];
  if (digits === undefined) return refusal('is no size; write a number and b, k, m, KiB or MiB, such as 32k');
  const factor = SIZES[unit];
  if (factor === undefined) return refusal('has a unit that I do not know (there are b, k, kb, m, mb, KiB and MiB)');
  const bytes = Math.round(Number(digits) * factor);
  if (bytes < 1) return refusal('is nothing; one byte is the least', '1b');
  return bytes <= MAX_BYTES ? bytes : refusal('is too much; 256MiB is the most', '256MiB');
}

/** Writes a time so that {@link readTime} reads it again. */
export function printTime(ms: number): string {
  return ms >= 1000 && ms % 100 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Writes a size so that {@link readSize} reads it again. */
export function printSize(bytes: number): string {
  if (bytes % SIZES_OF.MiB === 0) return `${bytes / SIZES_OF.MiB}MiB`;
  if (bytes % SIZES_OF.KiB === 0) return `${bytes / SIZES_OF.KiB}KiB`;
  return bytes % 1000 === 0 ? `${bytes / 1000}k` : `${bytes}b`;
}

const SIZES_OF = { MiB: 1024 * 1024, KiB: 1024 } as const;

export function refusal(problem: string, suggestion?: string): Refusal {
  return { problem, suggestion };
}

/** Tells a value that could be read from one that could not. */
export function isRefused(read: unknown): read is Refusal {
  return typeof read === 'object' && read !== null && 'problem' in read;
}
