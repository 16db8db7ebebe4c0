import { jsonItems, memberText } from '@mcp-dbg/wire';

import type { Connection } from './connection.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';

/** The lists that a server may have (server/tools, prompts, resources), each by its method. */
export type ListMethod = keyof typeof LISTS;

/** An entry of a list: the whole of it, as a value and as the exact text received. */
export interface ListedEntry {
  /** What tells it apart: its name, or its URI or URI template. */
  readonly key: string;
  readonly value: JsonObject;
  readonly text: string;
}

export type OnListFinding = (rule: string, message: string) => void;

/** What each list is of: the capability that offers it, the member of its result, and what tells two entries apart. */
const LISTS = {
  'tools/list': { capability: 'tools', member: 'tools', key: 'name', one: 'tool' },
  'prompts/list': { capability: 'prompts', member: 'prompts', key: 'name', one: 'prompt' },
  'resources/list': { capability: 'resources', member: 'resources', key: 'uri', one: 'resource' },
  'resources/templates/list': {
    capability: 'resources',
    member: 'resourceTemplates',
    key: 'uriTemplate',
    one: 'resource template',
  },
} as const;

/** Pages of one list that are asked for at most. */
const MAX_PAGES = 64;

/**
 * Fetches one of a server's lists, all pages, in the order of the server. An entry without a name (or URI) is left out
 * and told, and so is a second one of the same name; one bad entry never costs the others. A server without the
 * capability has none. `onTtl` is told for how many milliseconds the server says that the list stays as it is
 * (server/utilities/caching), where it does. Throws CoreError when the server does not answer.
 */
export async function listEntries(
  connection: Connection,
  method: ListMethod,
  signal: AbortSignal,
  onFinding: OnListFinding,
  onTtl: (ms: number) => void = () => {},
): Promise<readonly ListedEntry[]> {
  const { capability, member, key, one } = LISTS[method];
  if (!isObject(connection.capabilities[capability])) return [];
  const entries = new Map<string, ListedEntry>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await connection.request(method, cursor === undefined ? {} : { cursor }, { signal });
    for (const { value, text } of entriesOf(answer.value, answer.text, member)) {
      const name = isObject(value) ? value[key] : undefined;
      if (!isObject(value) || typeof name !== 'string' || name === '')
        onFinding(`${capability}/name`, `The server lists a ${one} without a ${key}; it is left out`);
      else if (entries.has(name))
        onFinding(
          `${capability}/unique`,
          `The server lists the ${one} ${JSON.stringify(name)} twice; the first counts`,
        );
      else entries.set(name, { key: name, value, text });
    }
    const ttl = isObject(answer.value) ? answer.value['ttlMs'] : undefined;
    if (typeof ttl === 'number') onTtl(ttl);
    const next = isObject(answer.value) ? answer.value['nextCursor'] : undefined;
    if (typeof next !== 'string') return [...entries.values()];
    if (cursors.has(next)) {
      const message = `The server gives the same page of its ${one}s again and again; the list ends here`;
      onFinding(`${capability}/cursor`, message);
      return [...entries.values()];
    }
    cursors.add(next);
    cursor = next;
  }
  const message = `The server's list of ${one}s has more than ${MAX_PAGES} pages; the rest is left out`;
  onFinding(`${capability}/pages`, message);
  return [...entries.values()];
}

function entriesOf(
  result: unknown,
  text: string,
  member: string,
): readonly { readonly value: unknown; readonly text: string }[] {
  const listed = isObject(result) ? result[member] : undefined;
  if (!Array.isArray(listed)) return [];
  const texts = jsonItems(memberText(text, member) ?? '[]');
  return listed.map((value: unknown, index) => ({ value, text: texts[index] ?? 'null' }));
}
