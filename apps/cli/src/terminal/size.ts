import type { Writable } from 'node:stream';

/** The width of a terminal in characters; 80 where it does not say. */
export function columnsOf(stream: Writable): number {
  return 'columns' in stream && typeof stream.columns === 'number' && stream.columns > 0 ? stream.columns : 80;
}

/** The height of a terminal in rows; 24 where it does not say. */
export function rowsOf(stream: Writable): number {
  return 'rows' in stream && typeof stream.rows === 'number' && stream.rows > 0 ? stream.rows : 24;
}
