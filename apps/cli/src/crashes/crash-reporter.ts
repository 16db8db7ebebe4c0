import { setTimeout as wait } from 'node:timers/promises';

import type { CaptureRecord } from '@mcp-dbg/capture';
import { type ConnectionEvent, hasProcess } from '@mcp-dbg/capture/node';
import { maskArgv } from '@mcp-dbg/capture/redact';
import type { Observer } from '@mcp-dbg/proxy';

import { type Crash, CrashScan } from './crash-scan.ts';
import type { ReportFiles } from './report-files.ts';

export interface CrashReporterOptions {
  /** Where the capture is, once there is one. Without one there is no report. */
  readonly capturePath: () => string | undefined;
  /** The server's command; secret-shaped values are masked. */
  readonly command: readonly string[];
  /** What a person calls the server. */
  readonly label: string;
  /** The version of this program. */
  readonly version: string;
  /** A monotonic clock in milliseconds; default performance.now. */
  readonly now?: () => number;
}

/** Writes a file for each crash of a server's processes. Whatever goes wrong with it is nobody's affair but its own. */
export interface CrashReporter {
  /** Who watches the next process: each is a connection of the capture, numbered in order of their first event. */
  observe(): Observer<ConnectionEvent>;
  /** Resolves when what was to be written is on the disk, or after three seconds: nobody waits longer for a disk. */
  close(): Promise<void>;
}

/** Milliseconds after a crash in which the server may come back undisturbed: what makes a report takes a while to load. */
const PEACE_MS = 500;
/** Milliseconds that the end waits for reports to be written. */
const WRITING_MS = 3000;

/**
 * Watches the processes of one capture. Of their traffic it keeps a bounded part and reads nothing of it before a process
 * has crashed; what makes a report of it is loaded then.
 */
export function crashReporter(options: CrashReporterOptions): CrashReporter {
  const { now = () => performance.now() } = options;
  const startedAt = now();
  const scan = new CrashScan();
  let connections = 0;
  const ending = new AbortController();
  let files: Promise<ReportFiles> | undefined;
  let written: Promise<void> = Promise.resolve();

  const report = (crash: Crash): void => {
    const path = options.capturePath();
    if (path === undefined) return;
    const at = new Date().toISOString();
    const peace = wait(PEACE_MS, undefined, { ref: false, signal: ending.signal }).catch(() => {});
    // One after another, so that they are numbered as they happened.
    written = written
      .then(async () => await peace)
      .then(async () => await (await (files ??= load(options))).write(crash, path, at))
      .catch(() => {});
  };

  return {
    observe: () => {
      let conn: number | undefined;
      let pid: number | undefined;
      const stamp = (): { readonly seq: 0; readonly us: number; readonly conn: number } => ({
        seq: 0,
        us: Math.round((now() - startedAt) * 1000),
        conn: (conn ??= ++connections),
      });
      return {
        read: (from, bytes, by) => {
          scan.push({ t: 'data', ...stamp(), from, bytes, ...(by !== undefined && { by }) });
        },
        event: (event) => {
          if (event.kind === 'spawn') ({ pid } = event);
          // What is done to a process that is gone is to sweep up, and asks for nothing. It is not gone while it is dying.
          if (isAsking(event) && pid !== undefined && !hasProcess(pid)) return;
          const record = recordOf(event, stamp());
          const crash = record && scan.push(record);
          if (crash !== undefined) report(crash);
        },
      };
    },
    close: async () => {
      ending.abort();
      await Promise.race([written, wait(WRITING_MS, undefined, { ref: false })]);
    },
  };
}

async function load({ command, label, version }: CrashReporterOptions): Promise<ReportFiles> {
  const { ReportFiles: Files } = await import('./report-files.ts');
  return new Files({ command: maskArgv(command), label, version });
}

function isAsking(event: ConnectionEvent): boolean {
  return event.kind === 'signal' || (event.kind === 'eof' && event.from === 'client');
}

/** The event as a capture has it; undefined for what has nothing to do with a crash. */
function recordOf(
  event: ConnectionEvent,
  stamp: { readonly seq: 0; readonly us: number; readonly conn: number },
): CaptureRecord | undefined {
  switch (event.kind) {
    case 'spawn':
      return { t: 'spawn', ...stamp, pid: event.pid };
    case 'eof':
      return { t: 'eof', ...stamp, from: event.from };
    case 'signal':
      return { t: 'signal', ...stamp, signal: event.signal };
    case 'exit':
      return { t: 'exit', ...stamp, code: event.code, signal: event.signal };
    case 'fault': {
      const { from, action, rule } = event;
      return { t: 'fault', ...stamp, from, action, rule };
    }
    case 'connect':
    case 'http':
    case 'disconnect':
    case 'note':
      return undefined;
  }
}
