import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { processIsAlive, waitFor } from '@mcp-dbg/testkit';

/** Why there can be no tmux here; undefined where there can. */
export const noTmux: string | undefined = (() => {
  try {
    const version = execFileSync('tmux', ['-V'], { encoding: 'utf8' });
    // With resize-window, which gives a window a size that no client of tmux decides.
    if (Number(/\d+/.exec(version)?.[0] ?? 0) >= 3) return undefined;
    return `tmux 3.0 or newer is needed to make a terminal, not ${version.trim()}`;
  } catch {
    return 'tmux is needed to make a terminal';
  }
})();

/** Its session that only keeps it alive. */
const KEEPER = 'keeper';

interface Waiting {
  readonly command: string;
  readonly resolve: (lines: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A tmux server of our own, spoken to through its control mode (tmux(1), CONTROL MODE): one process for all that is
 * asked, instead of one for each question. It ends with whoever started it, however that ends.
 */
export class TmuxServer {
  readonly #client: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #answer: string[] | undefined;
  #rest = '';
  #pid = 0;
  #freshPane = '';

  private constructor(client: ChildProcessWithoutNullStreams) {
    this.#client = client;
    client.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    client.stdin.on('error', () => {});
    client.once('close', () => {
      for (const { command, reject } of this.#waiting.splice(0))
        reject(new Error(`The tmux server is gone; it was asked: ${command}`));
    });
  }

  /** Starts it with its socket in `folder`, which must be short: the name of a socket is (unix(7)). */
  static async start(folder: string, env: Readonly<Record<string, string>>): Promise<TmuxServer> {
    // A name of its own: the server of an earlier file may still be on its way out.
    const socket = ['-S', join(mkdtempSync(join(folder, 't-')), 'tmux'), '-f', '/dev/null'];
    // Where it works is no folder of a test, so that it is not taken for a process that a test left behind.
    // The tester's own shell may be any, or none at all.
    const options = { cwd: '/', env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' } };
    const server = new TmuxServer(
      spawn('tmux', ['-u', ...socket, '-C', 'new-session', '-s', KEEPER, 'exec cat'], options),
    );
    const [told = ''] = await server.ask('display-message -p "#{pid} #{pane_id}"');
    const [pid, pane = ''] = told.split(' ');
    [server.#pid, server.#freshPane] = [Number(pid), pane];
    await server.ask('set-option -s exit-unattached on');
    await server.ask('set-option -s escape-time 0');
    // A program that sets the clipboard is found out by a buffer.
    await server.ask('set-option -s set-clipboard on');
    await server.ask('set-option -g status off');
    await server.ask('set-option -g history-limit 20000');
    await server.ask('set-option -g allow-rename on');
    return server;
  }

  /** A pane in which nothing has happened. */
  get freshPane(): string {
    return this.#freshPane;
  }

  /** Runs one command; gives what it prints. */
  ask(command: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      if (this.#client.exitCode !== null) return reject(new Error(`The tmux server is gone; not asked: ${command}`));
      this.#waiting.push({ command, resolve, reject });
      this.#client.stdin.write(`${command}\n`);
    });
  }

  /** Ends it and every program in it, as closing all windows does. */
  async end(): Promise<void> {
    await this.ask('kill-server').catch(() => {});
    await waitFor(() => this.#client.exitCode !== null && !processIsAlive(this.#pid), 'the end of the tmux server');
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line);
  }

  /** `%begin TIME NUMBER FLAGS`, what is printed, then `%end` or `%error` alike; flags are 1 for what we asked. */
  #takeLine(line: string): void {
    if (this.#answer === undefined) {
      if (/^%begin \d+ \d+ 1$/.test(line)) this.#answer = [];
      return;
    }
    const [, end] = /^%(end|error) \d+ \d+ 1$/.exec(line) ?? [];
    if (end === undefined) {
      this.#answer.push(line);
      return;
    }
    const answer = this.#answer;
    this.#answer = undefined;
    const asked = this.#waiting.shift();
    if (end === 'end') asked?.resolve(answer);
    else asked?.reject(new Error(`tmux: ${answer.join(' ')}; it was asked: ${asked.command}`));
  }
}

/** Text as one word of a tmux command. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
