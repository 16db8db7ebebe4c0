import type { ServerEnd } from '../server-end.ts';
import type { ServerLife } from '../server-life.ts';

/** What is asked of a process of the server, and done to it. */
export type DeskProcess = Pick<
  ServerLife,
  | 'pid'
  | 'takes'
  | 'isInPieces'
  | 'write'
  | 'takeUnwritten'
  | 'record'
  | 'show'
  | 'conclude'
  | 'endInput'
  | 'endOutput'
  | 'signal'
> & {
  /** Ends the process in good order. */
  stop(): unknown;
};

/** Where the connection and its server stand. */
export type Standing =
  /** No process was there yet. */
  | { readonly kind: 'starting' }
  /** A new process is brought to where the client believes the server to be; of the client's it is given answers alone. */
  | { readonly kind: 'introducing'; readonly process: DeskProcess }
  /** The process is given what the client writes. `isUsable` once it has shown that it does not fail as it starts. */
  | { readonly kind: 'open'; readonly process: DeskProcess; readonly isUsable: boolean }
  /** The process is to be replaced, and answers first what is under way: requests wait for the next. */
  | { readonly kind: 'draining'; readonly process: DeskProcess; readonly reason: string }
  /** The process was told to end, to be replaced. */
  | { readonly kind: 'leaving'; readonly process: DeskProcess; readonly reason: string }
  /** There is no process, and the next is under way. */
  | { readonly kind: 'between'; readonly last: ServerEnd }
  /** There is no process, and only a request or a person has one started. */
  | { readonly kind: 'resting'; readonly last: ServerEnd }
  /** There is no process, and none will come. */
  | { readonly kind: 'over' };

/** The process in use: one that began, and has not ended. */
export function processOf(standing: Standing): DeskProcess | undefined {
  return 'process' in standing ? standing.process : undefined;
}
