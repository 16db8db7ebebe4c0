import type { Writable } from 'node:stream';

import type { Io } from '../io.ts';

/** Asks the system for a terminal's size anew: the news of another one comes as an event, which may be on its way. */
export function refreshSize(stream: Writable): void {
  // The method by which Node itself does so; it tells the stream's listeners.
  (stream as { readonly _refreshSize?: () => void })._refreshSize?.();
}

/** The width of a terminal in characters; 80 where it does not say. */
export function columnsOf(stream: Writable): number {
  return 'columns' in stream && typeof stream.columns === 'number' && stream.columns > 0 ? stream.columns : 80;
}

/** The columns in which a row of stdout has room: any number where it is no terminal. */
export function rowWidth({ stdout, terminal }: Pick<Io, 'stdout' | 'terminal'>): number {
  return terminal.stdout ? columnsOf(stdout) : Infinity;
}

/** The height of a terminal in rows; 24 where it does not say. */
export function rowsOf(stream: Writable): number {
  return 'rows' in stream && typeof stream.rows === 'number' && stream.rows > 0 ? stream.rows : 24;
}
