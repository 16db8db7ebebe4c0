import { Readable, Writable } from 'node:stream';

import { program } from '../../src/program.ts';
import { home, scratch } from '../driver.ts';

/** What a question came to. */
export interface Asked {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AskOptions {
  readonly stdin?: Uint8Array;
  readonly cwd?: string;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command within this process, in a world of its own: hundreds of times faster than the built program. */
export async function ask(argv: readonly string[], options: AskOptions = {}): Promise<Asked> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const code = await program(argv, {
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? scratch,
    home: options.home ?? home(),
    platform: process.platform,
    merged: false,
    terminal: { stdin: false, stdout: false, stderr: false },
    onSignal: () => () => {},
    onExit: () => () => {},
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

/** Every command that reads a capture, as it is typed before the capture. */
export const READERS: readonly (readonly string[])[] = [
  ['log'],
  ['log', '-f'],
  ['log', '-vvv'],
  ['show', '1'],
  ['stats'],
  ['lint'],
  ['export', '--to', 'json'],
  ['export', '--to', 'har'],
  ['export', '--to', 'mermaid'],
  ['export', '--to', 'md'],
  ['redact'],
];
