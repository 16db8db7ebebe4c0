import type { RunningServer } from '@mcp-dbg/relay';

import type { RelayRequest } from '../commands/proxy-options.ts';
import type { ReloadOnChange } from './reload-on-change.ts';

export interface ReloadingOptions extends Pick<RelayRequest, 'watch' | 'build'> {
  /** The server's process is about to be replaced. */
  readonly replacing: () => void;
  readonly tell: (sentence: string) => void;
}

/** Reloads that begin when there is a server. */
export interface Reloading extends ReloadOnChange {
  readonly begin: (server: RunningServer) => void;
}

/** Loads what reloads when the server has been started: its client waits for that alone. Changes from now on count. */
export function reloading(options: ReloadingOptions): Reloading {
  const sinceMs = Date.now();
  let loading: Promise<ReloadOnChange> | undefined;
  let reloads: ReloadOnChange | undefined;
  return {
    begin: (server) => {
      loading = import('./reload-on-change.ts').then(
        ({ reloadOnChange }) => (reloads = reloadOnChange({ ...options, server, sinceMs })),
      );
    },
    starting: () => reloads?.starting(),
    close: async () => await (await loading)?.close(),
  };
}
