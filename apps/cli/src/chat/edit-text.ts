import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { visible } from '../render/visible.ts';

/** What the editing of a text needs of the world around it. */
export interface EditWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Releases the terminal, which is the editor's from then on. A Ctrl-C there is the editor's, too. */
  readonly before: () => void;
  /** Takes the terminal back. Called once for every {@link before}, whatever happens. */
  readonly after: () => void;
  /** Ends the editor, and with it the editing; nothing is said then. */
  readonly signal: AbortSignal | undefined;
  /** Calls back when this process ends; gives the way to stop that. */
  readonly onExit: (listener: () => void) => () => void;
  /** Told in a sentence why there is no text. */
  readonly say: (sentence: string) => void;
}

/** The command of the person's editor: `VISUAL`, else `EDITOR`, cut at its spaces; undefined where neither names one. */
export function editorOf({ VISUAL, EDITOR }: EditWorld['env']): readonly [string, ...string[]] | undefined {
  for (const command of [VISUAL, EDITOR]) {
    const [file, ...args] = wordsOf(command ?? '');
    if (file !== undefined && file !== '') return [file, ...args];
  }
  return undefined;
}

/**
 * Lets the person edit a text in their editor and gives what became of it; undefined where there is no editor, or it
 * did not end well. The text is in a file that only its owner can read, and that is gone afterwards. `extension` is
 * what the file's name ends with, such as `.json`.
 */
export async function editText(text: string, extension: string, world: EditWorld): Promise<string | undefined> {
  const editor = editorOf(world.env);
  if (editor === undefined) {
    world.say('There is no editor; name one in the environment variable EDITOR');
    return undefined;
  }
  let folder: string | undefined;
  const remove = (): void => {
    try {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    } catch {
      // What the editor still holds open, some systems do not let go; it costs nobody their text.
    }
  };
  // The program may be ended while the editor is open.
  const forgetExit = world.onExit(remove);
  try {
    folder = mkdtempSync(join(tmpdir(), 'mcp-dbg-edit-'));
    const path = join(folder, `value${extension}`);
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    const failure = await run([...editor, path], world);
    // Not every editor leaves a byte order mark away.
    if (world.signal?.aborted === true) return undefined;
    if (failure === undefined) return new TextDecoder().decode(readFileSync(path));
    world.say(`The editor ${JSON.stringify(visible(editor[0]))} ${failure}`);
  } catch (error) {
    world.say(`The text could not be edited: ${visible(error instanceof Error ? error.message : String(error))}`);
  } finally {
    forgetExit();
    remove();
  }
  return undefined;
}

/** Runs the editor to its end. Says what went wrong, if anything did. */
async function run(
  argv: readonly [string, ...string[]],
  { env, before, after, signal }: EditWorld,
): Promise<string | undefined> {
  const [file, ...args] = argv;
  before();
  try {
    const child = spawn(file, args, { stdio: 'inherit', env: { ...env }, ...(signal && { signal }) });
    const [code, killed] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code === 0) return undefined;
    return `ended with ${killed === null ? `exit status ${code}` : `signal ${killed}`}, so its text was not taken`;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `cannot be started (${visible(reason)}); name another one in the environment variable EDITOR`;
  } finally {
    after();
  }
}

/** The words of a command line. Quotes keep spaces in a word; nothing else is special, such as the `\` of paths. */
function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
