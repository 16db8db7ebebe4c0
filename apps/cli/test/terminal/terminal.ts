import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { type RunOptions, expectNoneLeft, start } from '../driver.ts';

const PTY = fileURLToPath(new URL('pty.py', import.meta.url));

/** Why there can be no terminal here; undefined where there can. */
export const noTerminal: string | undefined = (() => {
  try {
    execFileSync('python3', ['-c', 'import fcntl, os, termios; os.openpty()'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'python3 with its termios module is needed to make a terminal';
  }
})();

/** Keys that are no characters. */
export const KEY = {
  backspace: '\u007f',
  ctrlR: '\u0012',
  home: '\u001b[H',
  down: '\u001b[B',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  enter: '\r',
  up: '\u001b[A',
  tab: '\t',
} as const;

/** A program in a terminal, as a person sees it. */
export interface TerminalRun {
  type(keys: string): void;
  /** Gives the terminal another size; the program is told, as by a window that is dragged. */
  resize(columns: number, rows: number): void;
  /** Waits until the terminal shows something new that matches: what was matched before is over. Gives the match. */
  shows(pattern: RegExp | string): Promise<string>;
  /** Waits until the screen, all that scrolled by included, ends in this; rows are joined by line feeds. */
  stands(pattern: RegExp): Promise<void>;
  /** All bytes that came so far. */
  readonly bytes: string;
  readonly ended: Promise<{ readonly code: number; readonly isSane: boolean; readonly bytes: string }>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Takes the terminal away, as closing its window does. Fails when a process outlives that. */
  readonly hangUp: () => Promise<void>;
}

/** Starts the program in a terminal of its own. */
export function inTerminal(
  argv: readonly string[],
  { columns = 100, ...options }: RunOptions & { readonly columns?: number } = {},
): TerminalRun {
  const program = start(argv, {
    ...options,
    env: { TERM: 'xterm', ...options.env },
    under: ['python3', PTY, String(columns)],
    control: true,
  });
  let seen = 0;
  return {
    type: (keys) => program.write(keys),
    resize: (width, rows) => program.tell(`${width} ${rows}\n`),
    shows: async (pattern) => {
      const rest = (): string => plain(program.stdout).slice(seen);
      const find = (): { readonly end: number; readonly text: string } | undefined => {
        if (typeof pattern === 'string') {
          const at = rest().indexOf(pattern);
          return at === -1 ? undefined : { end: at + pattern.length, text: pattern };
        }
        const match = pattern.exec(rest());
        return match === null ? undefined : { end: match.index + match[0].length, text: match[0] };
      };
      await program.until(() => find() !== undefined, `${String(pattern)} in ${JSON.stringify(rest().slice(-300))}`);
      const found = find();
      seen += found?.end ?? 0;
      return found?.text ?? '';
    },
    stands: async (pattern) => {
      const ending = new RegExp(`(?:${pattern.source})$`);
      const text = (): string => screen(program.stdout, columns).join('\n');
      await program.until(
        () => ending.test(text()),
        `${String(pattern)} at the end of ${JSON.stringify(text().slice(-300))}`,
      );
    },
    get bytes() {
      return program.stdout;
    },
    ended: program.ended.then(({ stdout, stderr }) => {
      const [, code = 'NaN', state] = /exit (-?\d+) (sane|changed)\n$/.exec(stderr) ?? [];
      return { code: Number(code), isSane: state === 'sane', bytes: stdout };
    }),
    kill: (signal) => void program.child.kill(signal),
    hangUp: async () => {
      program.child.kill('SIGKILL');
      await program.ended;
      await expectNoneLeft(program.cwd);
    },
  };
}

/** What is written, without the sequences that move, erase and colour; one that is not whole yet is left out too. */
function plain(bytes: string): string {
  return bytes.replaceAll(/\u001b(?:\[[\d;?]*(?:[A-Za-z]|$)|$)/g, '');
}

/**
 * What a person sees in the end: the screen that the bytes make, lines without trailing spaces. Knows what the
 * program and its line editor use: text, CR, LF, BS, cursor up/down/left/right, to a column, and the two erasers.
 */
export function screen(bytes: string, columns = 100): readonly string[] {
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  const at = (): string[] => (rows[row] ??= []);
  for (const [token, , count, final] of bytes.matchAll(
    /(\u001b\[(\d*)(?:;\d+)*([A-Za-z])|\u001b\[\?\d+[hl]|[\s\S])/gu,
  )) {
    const n = Number(count === '' || count === undefined ? 1 : count);
    if (token === '\r') column = 0;
    else if (token === '\n') rows[(row += 1)] ??= [];
    else if (token === '\b') column = Math.max(0, column - 1);
    else if (final === 'A') row = Math.max(0, row - n);
    else if (final === 'B') row += n;
    else if (final === 'C') column += n;
    else if (final === 'D') column = Math.max(0, column - n);
    else if (final === 'G') column = n - 1;
    else if (final === 'K') at().length = Math.min(at().length, column);
    else if (final === 'J') {
      at().length = Math.min(at().length, column);
      rows.length = row + 1;
    } else if (final === undefined && !token.startsWith('\u001b') && token !== '\u0007') {
      if (column >= columns) [row, column] = [row + 1, 0];
      const line = at();
      while (line.length < column) line.push(' ');
      line[column] = token;
      column += 1;
    }
  }
  return Array.from(rows, (line) => (line ?? []).join('').trimEnd());
}
