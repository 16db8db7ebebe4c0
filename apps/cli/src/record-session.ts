import { join, resolve } from 'node:path';

import type { ServerConfig } from '@mcp-dbg/core';
import type { Observer } from '@mcp-dbg/proxy';

import type { Io } from './io.ts';

/** What is recorded of a session, and how that ends. */
export interface Recording {
  readonly observe: (config: ServerConfig) => readonly Observer[];
  /** The capture's path; undefined when nothing is recorded. */
  readonly path: string | undefined;
  close(): void;
}

const NOTHING: Recording = { observe: () => [], path: undefined, close: () => {} };

/**
 * Starts recording into `file`, or into a new file of the state folder. `false` records nothing. A capture that
 * cannot be made costs a warning, never the session.
 */
export async function recordSession(file: string | false | undefined, label: string, io: Io): Promise<Recording> {
  if (file === false) return NOTHING;
  const { CaptureWriter, captureFolder, captureName, pruneCaptures } = await import('@mcp-dbg/capture/node');
  const name = captureName({ at: new Date(), label, pid: process.pid });
  const folder = captureFolder(io.home, io.platform);
  const path = file === undefined ? join(folder, name) : resolve(io.cwd, file);
  try {
    const writer = new CaptureWriter({ path, label });
    // Only the folder that is ours is kept small. Nothing waits for it: what is left the next start deletes.
    if (file === undefined) setImmediate(() => void pruneCaptures(folder));
    return {
      observe: ({ name: server, argv }) => [writer.connection({ server, argv })],
      path: writer.path,
      close: () => writer.close(),
    };
  } catch (error) {
    io.stderr.write(`mcp-dbg: not recording: ${error instanceof Error ? error.message : String(error)}\n`);
    return NOTHING;
  }
}
