import { AttachSession } from '../attach/attach-session.ts';
import { jsonView, textView } from '../attach/attach-view.ts';
import { chooseProxy } from '../attach/choose-proxy.ts';
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
}

/**
 * Shows what passes a running proxy and what it holds, and does what is typed, until there is no more or the proxy ends.
 * Gives the exit code. Throws CliError `NOT_FOUND` or `UNAVAILABLE` where there is no proxy to attach to, and `INTERRUPTED`.
 */
export async function attach(io: Io, word: string | undefined, { json = false }: AttachOptions): Promise<number> {
  using interrupted = interruption(io);
  const { proxy, others } = await chooseProxy(io, word);
  const isAsked = canAsk(io, json);
  const terminal = isAsked ? new AttachTerminal(io, () => interrupted.abort()) : undefined;
  const view = json
    ? jsonView(io)
    : textView(io, (text, stream) => (terminal === undefined ? io[stream].write(text) : terminal.above(text, stream)));
  const edit = async (text: string, extension: string): Promise<string | undefined> =>
    await terminal?.edit(text, extension, interrupted.signal, (sentence) => view.say(sentence));
  view.attached(proxy.hello, others);
  const session = new AttachSession(proxy, view, terminal === undefined ? undefined : edit);
  if (terminal !== undefined) view.say('help lists what you can type; q leaves');
  try {
    const end = new Promise<'interrupted'>((resolve) => {
      interrupted.signal.addEventListener('abort', () => resolve('interrupted'));
    });
    const typed = serve(terminal?.lines() ?? linesOf(io.stdin), session);
    const first = await Promise.race([typed, proxy.parted, end]);
    if (first === 'bye' || first === 'gone') view.parted(first);
    const reason: unknown = interrupted.signal.reason;
    if (first !== 'interrupted') return EXIT.good;
    return reason instanceof CliError ? (reason.exit ?? EXIT.interrupted) : EXIT.interrupted;
  } finally {
    terminal?.close();
    session.close();
  }
}

/** Resolves when no more is typed, or somebody leaves. */
async function serve(lines: AsyncIterable<string>, session: AttachSession): Promise<'left'> {
  for await (const line of lines) if (!(await session.run(line))) break;
  return 'left';
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
