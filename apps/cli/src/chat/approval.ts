import type { JsonObject, RoutedTool } from '@mcp-dbg/core';

import { callText } from '../render/call-text.ts';
import { visible } from '../render/visible.ts';

/** Characters of arguments that a question shows: enough to judge by, and not more than a screen. */
const MAX_ARGS = 2000;

/** Decides about calls that may change something. */
export type Approve = (route: RoutedTool, args: JsonObject) => Promise<boolean>;

export interface ApprovalOptions {
  /** Allows everything. */
  readonly yes: boolean;
  /** Tools that are allowed, by the name the model uses; `*` stands for any characters. */
  readonly allow: readonly string[];
  /** Asks the person; undefined where there is no terminal, or no answer. */
  readonly ask: ((question: string) => Promise<string | undefined>) | undefined;
  /** Told why a call was refused without asking. */
  readonly onRefused: (message: string) => void;
}

/** Makes the decision by the flags, by what was answered before, and by asking, one question at a time. */
export function approval({ yes, allow, ask, onRefused }: ApprovalOptions): Approve {
  const patterns = allow.map(pattern);
  const always = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  return async (route, args) => {
    const { name } = route.spec;
    const key = `${route.server.name} ${route.tool.name}`;
    const isAllowed = (): boolean => yes || always.has(key) || patterns.some((each) => each.test(name));
    if (isAllowed()) return true;
    if (ask === undefined) {
      onRefused(
        `Refused to call ${visible(name)}: it may change something, and nobody can be asked here; use --yes or --allow ${JSON.stringify(visible(name))}`,
      );
      return false;
    }
    const mine = last.then(async () => {
      if (isAllowed()) return true;
      const question = `Allow ${callText(name, args, MAX_ARGS)} on ${visible(route.server.name)}? `;
      const choice = await chosen(question, ask);
      if (choice === 'always') always.add(key);
      return choice !== 'no';
    });
    last = mine.catch(() => {});
    return await mine;
  };
}

const CHOICES = '[y]es, [n]o, [a]lways this tool: ';

/** Asks until the answer is one of the three: a sentence that begins with the letter of one is none. */
async function chosen(question: string, ask: NonNullable<ApprovalOptions['ask']>): Promise<'yes' | 'no' | 'always'> {
  for (let prefix = question; ; prefix = 'Please answer ') {
    switch ((await ask(prefix + CHOICES))?.trim().toLowerCase()) {
      case 'y':
      case 'yes':
        return 'yes';
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
