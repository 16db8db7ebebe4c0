import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why no program can be stopped and brought back here; undefined where one can. */
export const noBash: string | undefined = (() => {
  try {
    execFileSync('bash', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'bash is needed to stop a program and to bring it back';
  }
})();

/** A program in a pane of a terminal. */
export interface Pane {
  /** Where its process id (`pid`), its exit code (`code`) and the terminal's settings (`before`, `after`) are put. */
  readonly records: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly program: readonly string[];
  /** Started from an interactive bash; else from a script, which reads lines when the program has ended. */
  readonly inBash: boolean;
}

/** What a person types after the program has ended, what is seen of it, and what comes of it. */
export interface Probe {
  readonly typed: string;
  readonly echo: string;
  readonly output: string;
}

/** Writes what the pane runs; gives the command that starts it. */
export function paneCommand(pane: Pane): string {
  const { records, cwd, env, program, inBash } = pane;
  mkdirSync(records, { recursive: true });
  const words = ['env', '-i', ...Object.entries(env).map(([key, value]) => `${key}=${value}`), ...program];
  const go = `cd ${word(cwd)} && echo $$ >${word(join(records, 'pid'))} && exec ${words.map(word).join(' ')}\n`;
  writeFileSync(join(records, 'go'), go);
  writeFileSync(join(records, 'script'), inBash ? BASH_RC : SCRIPT);
  const start = `cd ${word(records)} && exec`;
  return inBash ? `${start} bash --rcfile script -i` : `${start} sh script`;
}

/** The probe of a pane; `name` tells it from those before. */
export function probeOf({ inBash }: Pane, name: string): Probe {
  return inBash
    ? { typed: `echo ""${name}`, echo: `$ echo ""${name}`, output: name }
    : { typed: name, echo: name, output: `read: ${name}` };
}

/** What is typed into bash to start the program. */
export const START_IN_BASH = 'sh go';

// The script outlives Ctrl-C, so that the program alone decides what that does.
const SCRIPT = `trap : INT QUIT
stty -g >before
sh go
code=$?
stty -g >after
echo $code >ended && mv ended code
while IFS= read -r line; do echo "read: $line"; done
`;

// The program's end is what its first prompt without it is told; a stop is none. The editor of bash would switch
// bracketed paste by itself, so that a program's leaving it on were not seen.
const BASH_RC = `PS1='$ '
unset HISTFILE
bind 'set enable-bracketed-paste off' 2>/dev/null
stty -g >before
note() {
  code=$?
  if [ -s pid ] && ! kill -0 "$(cat pid)" 2>/dev/null; then
    stty -g >after
    echo $code >ended && mv ended code
    PROMPT_COMMAND=
  fi
}
PROMPT_COMMAND=note
`;

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
