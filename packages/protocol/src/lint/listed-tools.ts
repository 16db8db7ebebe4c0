import { jsonItems, memberText } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';
import type { SeenAnswer } from './check.ts';
import { named } from './shortened.ts';

/** A tool as a list has it. */
export interface ListedTool {
  readonly definition: unknown;
  /** Its own name; undefined where it has none. */
  readonly name: string | undefined;
  /** What to call it in a message. */
  readonly title: string;
  /** Its definition as it crossed the wire; undefined where that cannot be told. */
  readonly quote: () => string | undefined;
}

/** The tools of an answer to `tools/list`; undefined where it is none, or has no list. */
export function listedTools({ asked, reading }: SeenAnswer): readonly ListedTool[] | undefined {
  const result = asked?.method === 'tools/list' && reading.kind === 'result' ? reading.result : undefined;
  const tools = isObject(result) ? result['tools'] : undefined;
  if (!Array.isArray(tools)) return undefined;
  // One pass over the text serves all tools, and only where one of them is quoted.
  let texts: readonly string[] | undefined;
  return tools.map((definition: unknown, index): ListedTool => {
    const given = isObject(definition) ? definition['name'] : undefined;
    const name = typeof given === 'string' ? given : undefined;
    return {
      definition,
      name,
      title: name === undefined ? `tool number ${index + 1}` : `the tool ${named(name)}`,
      quote: () => (texts ??= itemTexts(reading.text))[index],
    };
  });
}

function itemTexts(text: string): readonly string[] {
  const result = memberText(text, 'result') ?? '';
  return jsonItems(memberText(result, 'tools') ?? '');
}
