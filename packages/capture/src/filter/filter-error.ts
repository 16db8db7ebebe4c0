import { CaptureError } from '../capture-error.ts';

/** Characters of the filter that an explanation shows at most. */
const MAX_SHOWN = 72;

/** Characters of it that a message quotes at most. */
const MAX_QUOTED = 40;

/** Characters that are shown before the place, where the filter is cut. */
const LEAD = 30;

/** A filter that cannot be read, with the place where it goes wrong. Its code is always `BAD_FILTER`. */
export class FilterError extends CaptureError {
  /** Where the faulty piece begins, in UTF-16 units of the filter. */
  readonly at: number;
  /** How long it is; 0 where something is missing. */
  readonly length: number;
  /** What to write in its place, where that is clear. */
  readonly suggestion: string | undefined;

  constructor(message: string, at: number, length: number, suggestion?: string) {
    super('BAD_FILTER', message);
    this.at = at;
    this.length = length;
    this.suggestion = suggestion;
  }
}

/**
 * Three lines: the message, the filter, and carets under the place. A long filter is cut around it. Control characters
 * of the filter are shown as `\uFFFD`, so that the carets stay under it; whoever prints the text makes the rest of it safe.
 */
export function explainFilterError(text: string, error: Pick<FilterError, 'message' | 'at' | 'length'>): string {
  const shown = oneForOne(text);
  const isCut = shown.length > MAX_SHOWN;
  const from = isCut ? Math.max(0, Math.min(error.at - LEAD, shown.length - MAX_SHOWN)) : 0;
  const to = isCut ? Math.min(shown.length, from + MAX_SHOWN) : shown.length;
  const start = from > 0 ? '…' : '';
  const line = `${start}${shown.slice(from, to)}${to < shown.length ? '…' : ''}`;
  const room = Math.max(1, to - error.at);
  const carets = '^'.repeat(Math.min(Math.max(1, error.length), room));
  return `${error.message}\n${line}\n${' '.repeat(start.length + error.at - from)}${carets}`;
}

/** Text of a filter within a message: on one line, and not all of it. */
export function quoted(text: string): string {
  return `"${shortened(text)}"`;
}

/** The same without quotes. */
export function shortened(text: string): string {
  return oneForOne(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 1)}…` : text);
}

function oneForOne(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is replaced
  return text.replaceAll(/[\t\n\r]/g, ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\uFFFD');
}
