import { join, resolve } from 'node:path';

import type { ConnectionObserver, ServerConfig } from '@mcp-dbg/core';

import type { Io } from './io.ts';
import { visible } from './render/visible.ts';

/** What is recorded of a session, and how that ends. */
export interface Recording {
  readonly observe: (config: ServerConfig) => readonly ConnectionObserver[];
  /** The capture's path; undefined when nothing is recorded. */
  readonly path: string | undefined;
  /** True while no byte is missing. */
  readonly isWhole: () => boolean;
  /** A sentence that says, once, that bytes are missing and why; undefined while none are. */
  readonly trouble: () => string | undefined;
  /** Ends the capture, and says so where it is not whole. */
  close(): void;
}

const NOTHING: Recording = {
  observe: () => [],
  path: undefined,
  isWhole: () => false,
  trouble: () => undefined,
  close: () => {},
};

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
    if (file !== undefined && writer.path !== path) {
      io.stderr.write(`mcp-dbg: there is a file ${visible(file)} already; recording into ${visible(writer.path)}\n`);
    }
    let isTold = false;
    const trouble = (): string | undefined => {
      if (isTold || writer.failure === undefined) return undefined;
      isTold = true;
      return incomplete(writer.path, writer.failure);
    };
    return {
      observe: (config) => {
        const argv = config.url === undefined ? (config.shownArgv ?? config.argv) : undefined;
        return [writer.connection({ server: config.name, ...(argv && { argv }) })];
      },
      path: writer.path,
      isWhole: () => writer.failure === undefined,
      trouble,
      close: () => {
        writer.close();
        const sentence = trouble();
        if (sentence !== undefined) io.stderr.write(`mcp-dbg: ${sentence}\n`);
      },
    };
  } catch (error) {
    io.stderr.write(`mcp-dbg: not recording: ${visible(error instanceof Error ? error.message : String(error))}\n`);
    return NOTHING;
  }
}

function incomplete(path: string, reason: string): string {
  const why = reason === 'cap' ? 'it reached its size limit' : `writing failed with ${reason}`;
  return `The capture ${JSON.stringify(visible(path))} is incomplete: ${why}; make room, or record elsewhere with --capture FILE`;
}
