import type { JsonObject, RoutedTool, Routes } from '@mcp-dbg/core';

import type { Approval, ApprovalsFile } from '../approvals/approvals-file.ts';
import { type ApprovedServer, approvalKey, approvedServer } from '../approvals/approved-server.ts';
import { definitionChanges } from '../approvals/definition-changes.ts';
import { definitionOf } from '../approvals/tool-definition.ts';
import { callText } from '../render/call-text.ts';
import { hintsText } from '../render/hints-text.ts';
import { localTime } from '../render/local-time.ts';
import { visible } from '../render/visible.ts';

/** Characters of arguments that a question shows: enough to judge by, and not more than a screen. */
const MAX_ARGS = 2000;

export interface ApprovalsOptions {
  /** Allows everything. */
  readonly yes: boolean;
  /** Tools that are allowed, by the name the model uses; `*` stands for any characters. */
  readonly allow: readonly string[];
  /** Asks the person; undefined where there is no terminal, or no answer. */
  readonly ask: ((question: string) => Promise<string | undefined>) | undefined;
  /** Told why a call was refused without asking, what has changed, and what cannot be kept. */
  readonly warn: (message: string) => void;
  /** What is approved for good. */
  readonly file: ApprovalsFile;
  /** The folder that relative words of a command are relative to. */
  readonly cwd: string;
}

/** Decides about calls that may change something: by the flags, by what was answered before, and by asking. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #patterns: readonly RegExp[];
  /** What was approved for this chat. */
  readonly #here = new Map<string, Approval>();
  /** One question at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #trouble = '';

  constructor(options: ApprovalsOptions) {
    this.#options = options;
    this.#patterns = options.allow.map(pattern);
  }

  /** Whether a call may be made. */
  async approve(route: RoutedTool, args: JsonObject): Promise<boolean> {
    if (this.#isAllowed(route)) return true;
    const { ask, warn } = this.#options;
    const name = visible(route.spec.name);
    if (ask === undefined) {
      const why = this.#changes(route) ?? 'it may change something';
      warn(
        `Refused to call ${name}: ${why}, and nobody can be asked here; use --yes or --allow ${JSON.stringify(name)}`,
      );
      return false;
    }
    const mine = this.#last.then(async () => this.#isAllowed(route) || (await this.#asked(route, args, ask)));
    this.#last = mine.catch(() => {});
    return await mine;
  }

  /** A sentence for each tool that was approved and is another one now. */
  warnings({ byName, leftOut }: Routes): readonly string[] {
    if (this.#options.yes) return [];
    return [...byName.values(), ...leftOut.values()].flatMap((route) => {
      const changes = this.#changes(route);
      return changes === undefined ? [] : [`${visible(route.spec.name)}: ${changes}; the next call asks again`];
    });
  }

  #isAllowed(route: RoutedTool): boolean {
    if (this.#options.yes || this.#patterns.some((each) => each.test(route.spec.name))) return true;
    return this.#before(route).some(({ definition }) => definition.hash === definitionOf(route.tool).hash);
  }

  /** What was changed since the tool was approved; undefined for nothing. */
  #changes(route: RoutedTool): string | undefined {
    const [before] = this.#before(route);
    if (before === undefined || this.#isAllowed(route)) return undefined;
    const changes = definitionChanges(before.definition, definitionOf(route.tool));
    return `it is not what you approved at ${visible(localTime(before.at))}: ${changes.join('; ')}`;
  }

  async #asked(route: RoutedTool, args: JsonObject, ask: NonNullable<ApprovalsOptions['ask']>): Promise<boolean> {
    const { spec, server, tool } = route;
    const changes = this.#changes(route);
    if (changes !== undefined) this.#options.warn(`${visible(spec.name)}: ${changes}`);
    const call = callText(spec.name, args, MAX_ARGS);
    const question = `Allow ${call} on ${visible(server.name)} (${hintsText(tool, server.trusted)})? `;
    const choice = await chosen(question, ask);
    if (choice === 'chat' || choice === 'always') this.#note(route, choice);
    return choice !== 'no';
  }

  #note(route: RoutedTool, choice: 'chat' | 'always'): void {
    const { tool } = route;
    const server = this.#serverOf(route);
    const approval = { at: new Date().toISOString(), server, tool: tool.name, definition: definitionOf(tool) };
    this.#here.set(approvalKey(server, tool.name), approval);
    if (choice === 'chat') return;
    try {
      this.#options.file.add(approval);
    } catch (error) {
      this.#options.warn(`This is kept for this chat only: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What was answered about the tool before, here and in other chats. */
  #before(route: RoutedTool): readonly Approval[] {
    const key = approvalKey(this.#serverOf(route), route.tool.name);
    return [this.#here.get(key), this.#kept().get(key)].filter((each) => each !== undefined);
  }

  #kept(): ReadonlyMap<string, Approval> {
    try {
      return this.#options.file.approvals;
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== this.#trouble) this.#options.warn(`What was approved before is not used: ${trouble}`);
      this.#trouble = trouble;
      return new Map();
    }
  }

  #serverOf({ server }: RoutedTool): ApprovedServer {
    return approvedServer(server.config, this.#options.cwd);
  }
}

const CHOICES = '[y]es, [n]o, all this [c]hat, [a]lways: ';

/** Asks until the answer is one of the four: a sentence that begins with the letter of one is none. */
async function chosen(
  question: string,
  ask: NonNullable<ApprovalsOptions['ask']>,
): Promise<'yes' | 'no' | 'chat' | 'always'> {
  for (let prefix = question; ; prefix = 'Please answer ') {
    switch ((await ask(prefix + CHOICES))?.trim().toLowerCase()) {
      case 'y':
      case 'yes':
        return 'yes';
      case 'c':
      case 'chat':
        return 'chat';
      case 'a':
      case 'always':
        return 'always';
      case 'n':
      case 'no':
      case '':
      case undefined:
        return 'no';
    }
  }
}

function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
