import type { Row } from './table.ts';

/** What the params and the result of a request have to be. */
export interface RequestShapes {
  readonly params: Row;
  readonly result: Row;
}

/** The same of several methods, by name; a notification has no result. */
export type MethodShapes = Readonly<Record<string, RequestShapes | { readonly params: Row; readonly result?: never }>>;
