/** Why a value cannot be read: the rest of a sentence that begins with the value, and what to write instead. */
export interface BadValue {
  readonly problem: string;
  readonly suggestion: string | undefined;
}

/** A moment: microseconds since the start of the capture, or milliseconds since 1970. */
export type Moment = { readonly us: number } | { readonly epochMs: number };

/** From and to, both included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const MICROSECONDS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** In thousands, as sizes are shown everywhere else. */
const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1000,
  m: 1_000_000,
  mb: 1_000_000,
};

const QUANTITY = /^(\d+(?:\.\d+)?)([a-z]*)$/;
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads a duration, such as `200ms`, as microseconds. */
export function readDuration(text: string): number | BadValue {
  const [, digits, unit = ''] = QUANTITY.exec(text.toLowerCase()) ?? [];
  if (digits === undefined) return bad('is no duration; write a number and us, ms, s, m or h, such as 200ms');
  const factor = MICROSECONDS[unit];
  if (factor !== undefined) return Number(digits) * factor;
  if (unit === '') return bad(`has no unit; write ${digits}ms or ${digits}s`, `${digits}ms`);
  return bad(`has a unit that I do not know (there are us, ms, s, m and h)`);
}

/** Reads a size, such as `10k`, as bytes. */
export function readSize(text: string): number | BadValue {
  const [, digits, unit = ''] = QUANTITY.exec(text.toLowerCase()) ?? [];
  if (digits === undefined) return bad('is no size; write a number of bytes, or of k or m, such as 10k');
  const factor = BYTES[unit];
  if (factor !== undefined) return Number(digits) * factor;
  return bad('has a unit that I do not know (there are b, k, kb, m and mb, in thousands)');
}

/** Reads a time, such as `12s` since the start or `2026-07-28T12:00Z`; one without a zone is in UTC. */
export function readMoment(text: string): Moment | BadValue {
  const iso = ISO.exec(text);
  if (iso === null) {
    const us = readDuration(text);
    if (typeof us === 'number') return { us };
    if (us.suggestion !== undefined) return us;
    return bad('is no time; write 12s (since the start) or a date such as 2026-07-28T12:00:00Z');
  }
  const hasTime = text.length > '2026-07-28'.length;
  const epochMs = Date.parse(hasTime && iso[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(epochMs) ? bad('is no day or time that there is') : { epochMs };
}

/** Reads `7`, `7..9`, `7..` or `..9`. */
export function readRange(text: string): Range | BadValue {
  const [, from, dots, to] = /^(\d*)(\.\.)?(\d*)$/.exec(text) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === ''))
    return bad('is no number or range; write 7, 7..9, 7.. or ..9');
  if (dots === undefined) return { from: Number(text), to: Number(text) };
  const range = { from: from === '' ? 0 : Number(from), to: to === '' ? Infinity : Number(to) };
  return range.from <= range.to ? range : bad('ends before it begins', `${to}..${from}`);
}

/** Reads a whole number. */
export function readInteger(text: string): number | BadValue {
  return /^-?\d+$/.test(text) ? Number(text) : bad('is no whole number');
}

export function bad(problem: string, suggestion?: string): BadValue {
  return { problem, suggestion };
}

/** Tells a value that could be read from one that could not. */
export function isBad(read: unknown): read is BadValue {
  return typeof read === 'object' && read !== null && 'problem' in read;
}
