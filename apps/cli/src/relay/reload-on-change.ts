import type { RunningServer } from '@mcp-dbg/relay';

import type { RelayRequest } from '../commands/proxy-options.ts';
import { Reloads } from './reloads.ts';
import { runBuild } from './run-build.ts';
import { watchFiles } from './watch-files.ts';

export interface ReloadOnChangeOptions extends Pick<RelayRequest, 'watch' | 'build'> {
  readonly server: RunningServer;
  /** Changes since then count (wall time, milliseconds since 1970). */
  readonly sinceMs: number;
  readonly replacing: () => void;
  readonly tell: (sentence: string) => void;
}

/** Reloads that go on until they are closed. */
export interface ReloadOnChange {
  /** A process of the server is started now. */
  starting(): void;
  close(): Promise<void>;
}

/** Restarts the server whenever a watched file changes, after a build where there is one. */
export function reloadOnChange(options: ReloadOnChangeOptions): ReloadOnChange {
  const { watch, build, server, sinceMs, replacing, tell } = options;
  const reloads = new Reloads({
    server,
    replacing,
    tell,
    build: build === undefined ? undefined : async (signal) => await runBuild(build, signal),
  });
  const files = watchFiles({
    globs: watch,
    cwd: process.cwd(),
    sinceMs,
    onChange: (path) => reloads.changed(path),
    tell,
  });
  return {
    starting: () => reloads.starting(),
    close: async () => {
      await Promise.all([files.close(), reloads.close()]);
    },
  };
}
