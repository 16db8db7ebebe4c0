import type { Inlet } from './inlet.ts';
import type { Observer } from './observer.ts';
import type { Outlet } from './outlet.ts';
import type { Exit, ServerCommand } from './server-process.ts';

/** A server's process as whoever speaks to it sees it: its pipes, and its end. `ServerProcess` is one. */
export interface RunningServer {
  readonly pid: number;
  readonly stdin: Pick<Inlet, 'closed' | 'writable' | 'write'>;
  readonly stdout: Pick<Outlet, 'ended' | 'close'> & {
    /** Starts the reading; `by` says whose bytes they are where they are not the server's own. */
    start(take: (bytes: Uint8Array, by?: 'mcp-dbg') => boolean): void;
  };
  readonly stderr: Pick<Outlet, 'start' | 'close'>;
  /** Resolves when the process has exited; its pipes may still hold bytes. */
  readonly exited: Promise<Exit>;
  /** Ends the process and everything in its group. Resolves when it is gone and its output was read. */
  stop(): Promise<Exit>;
}

/** Starts a server, which is called so, and shows the observers what crosses its pipes. Throws ProxyError. */
export type StartServer = (
  command: ServerCommand,
  observers: readonly Observer[],
  server: string,
) => Promise<RunningServer>;
