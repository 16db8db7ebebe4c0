import type { Io } from '../io.ts';
import { hanging } from '../render/columns.ts';
import { frameBody } from '../render/frame-body.ts';
import { formatSeconds } from '../render/sizes.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson, visible } from '../render/visible.ts';
import { columnsOf } from '../terminal/size.ts';
import { type AttachLook, answerText, heldText, newsText } from './attach-text.ts';
import type { Answer, Hello, News, Parting } from './attached-proxy.ts';
import type { HeldMessage } from './live-message.ts';
import { COMMANDS } from './typed-command.ts';

/** Shows what happens at a proxy: to a person, or as JSON lines. All that a peer wrote is made visible. */
export interface AttachView {
  /** Where it is attached, and how many others could have been meant. */
  attached(hello: Hello, others: number): void;
  /** `held` is the frame that it is about, where there is one. */
  news(news: News, held: HeldMessage | undefined): void;
  /** What the proxy answered to a line that was typed. */
  answer(line: string, answer: Answer): void;
  /** What was wrong with a line that was typed. */
  misuse(line: string, message: string): void;
  /** Something of which programs need not know. */
  say(sentence: string): void;
  frame(frame: Answer & { readonly type: 'frame' }): void;
  list(held: readonly { readonly held: HeldMessage; readonly leftMs: number }[]): void;
  help(): void;
  parted(how: Parting): void;
}

/** For people. `above` writes whole lines, whatever is being typed meanwhile. */
export function textView(io: Io, above: (text: string, stream: 'stdout' | 'stderr') => void): AttachView {
  const look = (): AttachLook => ({
    theme: themeFor(io.terminal.stdout, io.env),
    columns: io.terminal.stdout ? columnsOf(io.stdout) : undefined,
  });
  const out = (text: string): void => {
    if (text !== '') above(text, 'stdout');
  };
  const say = (sentence: string): void => above(`${hanging(visible(sentence), look().columns)}\n`, 'stderr');
  return {
    attached: (hello, others) => {
      const which = others === 0 ? '' : `, the newest of ${others + 1}; a label or a pid names another`;
      const what = hello.filters.map((filter) => (filter === '' ? 'everything' : JSON.stringify(filter))).join(', ');
      const where = hello.capture === null ? '' : `; capture: ${hello.capture}`;
      say(`attached to ${hello.label} (pid ${hello.pid})${which}`);
      say(`it holds ${what}, ${formatSeconds(hello.holdMs)} at most${where}`);
    },
    news: (news, held) => out(newsText(news, held, look())),
    answer: (line, answer) => {
      const text = answerText(line, answer, look());
      if (text !== '') above(text, 'stderr');
    },
    misuse: (_, message) => say(message),
    say,
    frame: ({ raw, rawBase64 = '' }) => {
      const bytes = raw === null ? Buffer.from(rawBase64, 'base64') : Buffer.from(raw);
      out(`${frameBody({ bytes }, look().theme, false)}\n`);
    },
    list: (held) =>
      held.length === 0
        ? say('Nothing is held.')
        : out(held.map((each) => heldText(each.held, each.leftMs, look())).join('')),
    help: () => {
      const width = Math.max(...COMMANDS.map(([usage]) => usage.length));
      out(COMMANDS.map(([usage, what]) => `  ${look().theme.tool(usage.padEnd(width))}  ${what}\n`).join(''));
    },
    parted: (how) => say(how === 'bye' ? 'The proxy ended.' : 'The proxy is gone, or it cut the connection.'),
  };
}

/** For programs: a line for everything. */
export function jsonView({ stdout }: Pick<Io, 'stdout'>): AttachView {
  const print = (value: object): void => void stdout.write(`${safeJson(JSON.stringify(value))}\n`);
  return {
    attached: (hello) => print({ ...hello, type: 'attached', v: undefined }),
    news: print,
    answer: (line, answer) => print({ ...answer, re: undefined, command: line }),
    misuse: (line, message) => print({ type: 'refused', code: 'USAGE', message, command: line }),
    say: () => {},
    frame: (frame) => print({ ...frame, re: undefined }),
    list: (held) => print({ type: 'list', held: held.map(({ held: each, leftMs }) => ({ ...each, leftMs })) }),
    help: () => print({ type: 'help', commands: COMMANDS.map(([usage, what]) => ({ usage, what })) }),
    parted: (how) => print({ type: 'ended', how }),
  };
}
