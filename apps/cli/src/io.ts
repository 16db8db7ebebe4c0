import { fstatSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** All that a command may know of the world around it. Commands never touch `process` themselves. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** True where stdout and stderr end in one place, such as one terminal or one log file. */
  readonly merged: boolean;
  /** Which of the three are terminals. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Calls back on SIGINT, SIGTERM and SIGHUP; gives the way to stop listening. */
  readonly onSignal: (listener: (signal: EndingSignal) => void) => () => void;
  /**
   * Calls back when this process ends, by a signal that nobody else listens to as well; gives the way to stop that.
   * Nothing can be awaited then.
   */
  readonly onExit: (listener: () => void) => () => void;
}

export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const ENDING_SIGNALS: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The world as this process sees it. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env, platform } = process;
  /** How many listen to what a signal means for the command, beside those who only tidy up. */
  let deciding = 0;
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    home: homedir(),
    platform,
    merged: isOneFile(1, 2),
    terminal: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
    onSignal: (listener) => {
      deciding++;
      const deaf = heard(listener);
      return () => {
        deciding--;
        deaf();
      };
    },
    onExit: (listener) => {
      const deaf = heard((signal) => {
        // Whoever else listens decides what a signal means.
        if (deciding > 0) return;
        forget();
        listener();
        process.kill(process.pid, signal);
      });
      const forget = (): void => {
        deaf();
        process.off('exit', listener);
      };
      process.on('exit', listener);
      return forget;
    },
  };
}

function heard(listener: (signal: EndingSignal) => void): () => void {
  const listeners = ENDING_SIGNALS.map((signal) => [signal, () => listener(signal)] as const);
  for (const [signal, each] of listeners) process.on(signal, each);
  return () => {
    for (const [signal, each] of listeners) process.off(signal, each);
  };
}

function isOneFile(a: number, b: number): boolean {
  const [one, other] = [fstatSync(a), fstatSync(b)];
  return one.dev === other.dev && one.ino === other.ino;
}
