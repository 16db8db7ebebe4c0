import { readText } from '@mcp-dbg/wire';

import { compactJson, indentedJson } from '../render/indented-json.ts';
import { formatSeconds } from '../render/sizes.ts';
import type { AttachView } from './attach-view.ts';
import type { AttachedProxy, News, Parting } from './attached-proxy.ts';
import { whichText } from './attach-text.ts';
import type { HeldMessage, LiveCommand } from './live-message.ts';
import { replyTemplate } from './reply-template.ts';
import { type TypedCommand, typedCommand } from './typed-command.ts';

/** Milliseconds before its time is over that a person is told of a frame, where it is held much longer than that. */
const SOON_MS = 10_000;

/** Lets a person edit a text; undefined where that came to nothing, of which they were told. */
type EditText = (text: string, extension: string) => Promise<string | undefined>;

export interface AttachSessionOptions {
  /** The editor of the person at the terminal, where there is one. */
  readonly edit?: EditText;
  /** Whether only what is held is shown, and not what passes. */
  readonly quiet: boolean;
}

/** What is known of a text beside what it says. */
interface Draft {
  readonly number: number;
  /** What it was before, where that was no JSON either. */
  readonly draft: string | undefined;
  readonly isChanged: boolean;
}

interface Kept {
  readonly held: HeldMessage;
  readonly dueMs: number;
  readonly reminder: NodeJS.Timeout | undefined;
}

/** Does what somebody types at a proxy, and shows what happens there. */
export class AttachSession {
  readonly #view: AttachView;
  readonly #edit: EditText | undefined;
  readonly #isQuiet: boolean;
  readonly #kept = new Map<number, Kept>();
  /** What was written in an editor and is no JSON, under the number of the frame that it is for. */
  readonly #drafts = new Map<number, string>();
  #proxy: AttachedProxy | undefined;
  /** Called when something is held. */
  #wake: (() => void) | undefined;

  constructor(view: AttachView, { edit, quiet }: AttachSessionOptions) {
    this.#view = view;
    this.#edit = edit;
    this.#isQuiet = quiet;
  }

  /** What is typed goes to this proxy from now on. Resolves when it is gone, or has ended. */
  async attach(proxy: AttachedProxy): Promise<Parting> {
    this.#proxy = proxy;
    proxy.listen((news) => this.#see(news));
    const how = await proxy.parted;
    this.#forget();
    return how;
  }

  /** The numbers of the frames that are held. */
  get #numbers(): readonly number[] {
    return [...this.#kept.keys()];
  }

  /** Does what a line says. Gives false where it says to leave. */
  async run(line: string): Promise<boolean> {
    const command = typedCommand(line);
    switch (command.kind) {
      case 'nothing':
        return true;
      case 'quit':
        return false;
      case 'misuse':
        this.#view.misuse(line, command.message);
        return true;
      case 'help':
        this.#view.help();
        return true;
      case 'list':
        this.#list();
        return true;
      case 'wait':
        if (this.#kept.size === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
        return true;
      case 'all':
        await this.#ask(line, { do: 'all' });
        return true;
      case 'add':
        await this.#ask(line, { do: 'add', to: command.to, text: command.text });
        return true;
      case 'accept':
      case 'drop':
      case 'show':
        for (const number of this.#meant(line, command.numbers)) await this.#ask(line, { do: command.kind, number });
        return true;
      case 'edit':
      case 'reply':
        await this.#write(line, command);
        return true;
    }
  }

  /** Nothing is shown any more. */
  close(): void {
    this.#proxy?.close();
    this.#forget();
  }

  #forget(): void {
    for (const { reminder } of this.#kept.values()) clearTimeout(reminder);
    this.#kept.clear();
    this.#drafts.clear();
    this.#proxy = undefined;
  }

  #see(news: News): void {
    const number = news.type === 'held' || news.type === 'settled' ? news.number : undefined;
    const before = number === undefined ? undefined : this.#kept.get(number);
    clearTimeout(before?.reminder);
    if (news.type === 'held') this.#keep(news);
    else if (number !== undefined) {
      this.#kept.delete(number);
      this.#drafts.delete(number);
    }
    if (news.type !== 'passed' || !this.#isQuiet) this.#view.news(news, before?.held);
    if (news.type === 'held') this.#wake?.();
  }

  #keep(held: HeldMessage): void {
    const { number, leftMs } = held;
    const isLong = leftMs > 2 * SOON_MS;
    const remind = (): void => this.#view.say(`${number} goes on by itself in ${formatSeconds(SOON_MS)}`);
    const reminder = isLong ? setTimeout(remind, leftMs - SOON_MS).unref() : undefined;
    this.#kept.set(number, { held, dueMs: performance.now() + leftMs, reminder });
  }

  #list(): void {
    const now = performance.now();
    const kept = [...this.#kept.values()];
    this.#view.list(kept.map(({ held, dueMs }) => ({ held, leftMs: Math.max(0, Math.round(dueMs - now)) })));
  }

  /** Without numbers, the one frame that is held is meant. */
  #meant(line: string, numbers: readonly number[]): readonly number[] {
    if (numbers.length > 0) return numbers;
    const held = this.#numbers;
    if (held.length !== 1) this.#view.misuse(line, whichText(held));
    return held.length === 1 ? held : [];
  }

  async #write(line: string, command: TypedCommand & { readonly kind: 'edit' | 'reply' }): Promise<void> {
    const [number] = this.#meant(line, command.number === undefined ? [] : [command.number]);
    if (number === undefined) return;
    const { kind } = command;
    const text = command.text ?? (await this.#edited(line, kind, number));
    if (text === undefined) return;
    const isTaken = await this.#ask(line, { do: kind, number, text });
    // What somebody has written in an editor is not to be lost.
    if (!isTaken && command.text === undefined) this.#view.say(`What you wrote: ${text}`);
  }

  /** The text that the person makes of the frame, or of the template of an answer; undefined where nothing is to be done. */
  async #edited(line: string, kind: 'edit' | 'reply', number: number): Promise<string | undefined> {
    const held = this.#kept.get(number)?.held;
    if (held === undefined) {
      this.#view.misuse(line, `Frame ${number} is not held: it has gone on, or there never was one`);
      return undefined;
    }
    if (this.#edit === undefined) {
      this.#view.misuse(
        line,
        `Without a terminal there is no editor; write the text behind the number: ${kind} ${number} TEXT`,
      );
      return undefined;
    }
    const raw = held.isCut ? await this.#whole(number) : held.raw;
    if (raw === undefined) return undefined;
    if (raw === null) {
      this.#view.misuse(line, `Frame ${number} is not UTF-8, so no editor could show it; write ${kind} ${number} TEXT`);
      return undefined;
    }
    const template = kind === 'reply' ? replyTemplate(held, raw) : isJson(raw) ? indentedJson(raw) : raw;
    const draft = this.#drafts.get(number);
    const edited = (await this.#edit(`${draft ?? template}\n`, '.json'))?.replace(/\n$/, '');
    if (edited === undefined) return undefined;
    const text = isJson(edited) ? compactJson(edited) : edited;
    const refusal = this.#whyNotSent(edited, { number, draft, isChanged: edited !== template && text !== raw });
    if (refusal !== undefined) this.#view.say(`${refusal}, ${number} is still held.`);
    return refusal === undefined ? text : undefined;
  }

  /** Why a text is not sent that comes out of an editor: none where it is what the person means. */
  #whyNotSent(edited: string, { number, draft, isChanged }: Draft): string | undefined {
    this.#drafts.delete(number);
    if (edited.trim() === '') return 'An empty text sends nothing';
    if (!isChanged) return 'Nothing was changed, so nothing is done';
    if (isJson(edited) || edited === draft) return undefined;
    this.#drafts.set(number, edited);
    return 'What you wrote is not JSON: nothing is sent yet; edit goes on with it, and saving it as it is sends it';
  }

  async #whole(number: number): Promise<string | null | undefined> {
    const answer = await this.#proxy?.ask({ do: 'show', number });
    return answer?.type === 'frame' ? answer.raw : undefined;
  }

  /** Gives false where the proxy refused, or is gone. */
  async #ask(line: string, command: LiveCommand): Promise<boolean> {
    if (this.#proxy === undefined) this.#view.misuse(line, 'No proxy is attached to yet');
    const answer = await this.#proxy?.ask(command);
    if (answer === undefined) return false;
    if (answer.type === 'frame') this.#view.frame(answer);
    else this.#view.answer(line, answer);
    return answer.type !== 'refused';
  }
}

function isJson(text: string): boolean {
  return readText(text).kind !== 'not-json';
}
