import { AttachSession } from '../attach/attach-session.ts';
import { jsonView, textView } from '../attach/attach-view.ts';
import { type Chosen, chooseProxy } from '../attach/choose-proxy.ts';
import { COMMANDS } from '../attach/typed-command.ts';
import { linesOf } from '../chat/lines.ts';
import { editText } from '../chat/edit-text.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { canAsk } from '../terminal/can-ask.ts';
import { Prompt } from '../terminal/prompt.ts';

export interface AttachOptions {
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly quiet?: boolean;
}

/** Milliseconds between two looks for a proxy that is waited for. */
const LOOK_MS = 200;

/**
 * Shows what passes a running proxy and what it holds, and does what is typed, until there is no more or the proxy ends;
 * with `wait`, until there is no more: it waits for a proxy, and for the next when one ends. Gives the exit code. Throws
 * CliError `NOT_FOUND` or `UNAVAILABLE` where there is no proxy to attach to.
 */
export async function attach(io: Io, word: string | undefined, options: AttachOptions): Promise<number> {
  const { json = false, wait = false, quiet = false } = options;
  using interrupted = interruption(io);
  const { signal } = interrupted;
  const first = wait ? undefined : await chooseProxy(io, word);
  const terminal = canAsk(io, json) ? new AttachTerminal(io, () => interrupted.abort()) : undefined;
  const view = json
    ? jsonView(io)
    : textView(io, (text, stream) => (terminal === undefined ? io[stream].write(text) : terminal.above(text, stream)));
  const edit = async (text: string, extension: string): Promise<string | undefined> =>
    await terminal?.edit(text, extension, signal, (sentence) => view.say(sentence));
  const session = new AttachSession(view, { ...(terminal !== undefined && { edit }), quiet });
  const attachTo = async (chosen: Chosen): Promise<void> => {
    view.attached(chosen.proxy.hello, chosen.others);
    if (terminal !== undefined) view.say('help lists what you can type; q leaves');
    view.parted(await session.attach(chosen.proxy));
  };
  const follow = async (): Promise<void> => {
    if (first !== undefined) return await attachTo(first);
    view.say('Waiting for a proxy that holds frames.');
    for await (const chosen of proxiesToCome(io, word, signal)) await attachTo(chosen);
  };
  try {
    const end = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([serve(terminal?.lines() ?? linesOf(io.stdin), session), follow(), end]);
    const reason: unknown = signal.reason;
    if (!signal.aborted) return EXIT.good;
    return reason instanceof CliError ? (reason.exit ?? EXIT.interrupted) : EXIT.interrupted;
  } finally {
    terminal?.close();
    session.close();
    interrupted.abort();
  }
}

/** Resolves when no more is typed, or somebody leaves. */
async function serve(lines: AsyncIterable<string>, session: AttachSession): Promise<void> {
  for await (const line of lines) if (!(await session.run(line))) return;
}

/** One proxy after another, each as soon as it is there. */
async function* proxiesToCome(io: Io, word: string | undefined, signal: AbortSignal): AsyncGenerator<Chosen, void> {
  while (!signal.aborted) {
    try {
      yield await chooseProxy(io, word);
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'NOT_FOUND') throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

/** The terminal of a person who types commands while things happen above. */
class AttachTerminal {
  readonly #io: Io;
  readonly #prompt: Prompt;
  /** What happens while an editor has the terminal. */
  #later: (() => void)[] | undefined;

  constructor(io: Io, onInterrupt: () => void) {
    this.#io = io;
    const words = COMMANDS.flatMap(([usage]) => usage.split(' ', 1));
    this.#prompt = new Prompt(io, {
      complete: (line) => words.filter((each) => each.startsWith(line) && each !== line),
      onInterrupt,
    });
  }

  above(text: string, stream: 'stdout' | 'stderr'): void {
    const write = (): void => this.#prompt.around(() => void this.#io[stream].write(text));
    if (this.#later === undefined) write();
    else this.#later.push(write);
  }

  async *lines(): AsyncGenerator<string, void> {
    for (;;) {
      const line = await this.#prompt.line('> ');
      if (line === undefined) return;
      yield line;
    }
  }

  async edit(
    text: string,
    extension: string,
    signal: AbortSignal,
    say: (sentence: string) => void,
  ): Promise<string | undefined> {
    return await editText(text, extension, {
      env: this.#io.env,
      signal,
      onExit: this.#io.onExit,
      before: () => {
        this.#later = [];
        this.#prompt.release();
      },
      after: () => {
        this.#prompt.take();
        const later = this.#later ?? [];
        this.#later = undefined;
        for (const write of later) write();
      },
      say,
    });
  }

  close(): void {
    this.#prompt.close();
  }
}
