import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { steady } from './steady.ts';

const MOST_MS = 120_000;

/** Where the commands of one block run: in the repository, with an empty home, and `mcp-dbg` on PATH. */
export class Stage implements Disposable {
  readonly #root: string;
  readonly #scratch = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-dbg-docs-')));
  readonly #path: string;
  readonly #before: ReadonlySet<string>;
  #status = 0;
  #said = '';

  constructor(root: string) {
    this.#root = root;
    this.#before = new Set(readdirSync(root));
    const folder = join(this.#scratch, 'bin');
    for (const name of ['bin', 'home', 'tmp']) mkdirSync(join(this.#scratch, name));
    const command = join(folder, 'mcp-dbg');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'apps/cli/dist/bin.js')}" "$@"\n`);
    chmodSync(command, 0o755);
    this.#path = `${folder}:${process.env['PATH'] ?? ''}`;
  }

  /**
   * Runs a line of shell; `$?` is the status of the line before. Gives what it wrote to stdout and stderr, in the
   * order in which it was written, steady as of {@link steady}. Throws when it hangs or leaves a file behind.
   */
  async run(line: string, colour: 'colour' | 'plain' = 'plain'): Promise<string> {
    const home = join(this.#scratch, 'home');
    const temp = join(this.#scratch, 'tmp');
    const child = spawn('sh', ['-c', `exec 2>&1; (exit ${this.#status})\n${line}\n`], {
      cwd: this.#root,
      env: {
        PATH: this.#path,
        HOME: home,
        TMPDIR: temp,
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        ...(colour === 'colour' ? { FORCE_COLOR: '1', TERM: 'xterm-256color' } : { NO_COLOR: '1', TERM: 'dumb' }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: MOST_MS,
    });
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
    if (status === null) throw new Error(`This did not end: ${line}`);
    this.#status = status;
    const left = readdirSync(this.#root).find((name) => !this.#before.has(name));
    if (left !== undefined) throw new Error(`This left ${left} behind: ${line}`);
    const place = { root: this.#root, home, temp, path: this.#path };
    // Pids are numbered over all that the block has shown so far.
    const said = this.#said + output;
    const shown = steady(said, place).slice(steady(this.#said, place).length);
    this.#said = said;
    return shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`;
  }

  [Symbol.dispose](): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
