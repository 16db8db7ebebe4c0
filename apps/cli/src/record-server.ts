import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import {
  CaptureWriter,
  type ConnectionEvent,
  type ConnectionRecorder,
  captureFolder,
  captureName,
  pruneCaptures,
} from '@mcp-dbg/capture/node';
import type { Observer } from '@mcp-dbg/proxy';

import { labelOfCommand } from './label-of-command.ts';

export interface RecordingOptions {
  readonly command: readonly string[];
  /** The file to record into; `false` for none, undefined for a new one in the state folder. */
  readonly capture: string | false | undefined;
  readonly label?: string;
  readonly maxCaptureBytes?: number;
  /** Hears, in a sentence, that there can be no capture. */
  readonly onFailure?: (why: string) => void;
}

/** The recording of a server's processes, one after another. Whatever goes wrong with it is nobody's affair but its own. */
export interface ServerRecording {
  /** Who records the next process: each is a connection of its own, numbered in order of their first event. */
  observe(): readonly Observer<ConnectionEvent>[];
  /** The path of the capture; undefined before there is one, and where there can be none. */
  readonly path: string | undefined;
  close(): Promise<void>;
}

/** Milliseconds that the end waits for old captures to be deleted. */
const PRUNING_MS = 100;

/**
 * Records a server's processes. The file is made when the first has been started, so that it waits for nothing, and
 * before its first byte is read, so that nothing goes unrecorded.
 */
export function recordServer(options: RecordingOptions): ServerRecording {
  if (options.capture === false) return { observe: () => [], path: undefined, close: async () => {} };
  let writer: CaptureWriter | undefined;
  let isOpened = false;
  let pruning: Promise<unknown> | undefined;
  const open = (): void => {
    isOpened = true;
    const label = options.label ?? labelOfCommand(options.command);
    const { folder, path } = placeOf(options.capture, label);
    try {
      writer = openWriter(options, path, label);
    } catch (error) {
      options.onFailure?.(`nothing is recorded: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (folder !== undefined) pruning = nextTurn().then(() => pruneCaptures(folder));
  };
  return {
    observe: () => {
      let connection: ConnectionRecorder | undefined;
      return [
        {
          event: (event) => {
            if (!isOpened) open();
            connection ??= writer?.connection();
            connection?.event(event);
          },
          read: (from, bytes, by) => connection?.read(from, bytes, by),
        },
      ];
    },
    get path() {
      return writer?.path;
    },
    close: async () => {
      writer?.close();
      await Promise.race([pruning, new Promise((resolve) => setTimeout(resolve, PRUNING_MS))]);
    },
  };
}

/** The state folder of this machine, where captures go by default. */
export function defaultCaptureFolder(): string {
  return captureFolder(homedir(), process.platform);
}

/** The folder is given only where it is ours to keep small. */
function placeOf(capture: RecordingOptions['capture'], label: string): { folder?: string; path: string } {
  if (typeof capture === 'string') return { path: capture };
  const folder = defaultCaptureFolder();
  return { folder, path: join(folder, captureName({ at: new Date(), label, pid: process.pid })) };
}

function openWriter({ command, maxCaptureBytes }: RecordingOptions, path: string, label: string): CaptureWriter {
  return new CaptureWriter({
    path,
    argv: command,
    label,
    ...(maxCaptureBytes !== undefined && { maxBytes: maxCaptureBytes }),
  });
}
