import { type Message, type ResultReading, jsonItems, memberText } from '@mcp-dbg/wire';

import { isObject, textIn } from '../json-object.ts';

/** A list of the server that a client may know. */
interface List {
  readonly method: string;
  /** Where the entries stand in a result. */
  readonly key: string;
  /** What tells an entry from the others. */
  readonly name: string;
  /** What a client is told when the list is another. */
  readonly changed: string;
  /** What a client of the modern era asks for to be told (`subscriptions/listen`). */
  readonly filter: string;
}

const LISTS: readonly List[] = [
  {
    method: 'tools/list',
    key: 'tools',
    name: 'name',
    changed: 'notifications/tools/list_changed',
    filter: 'toolsListChanged',
  },
  {
    method: 'prompts/list',
    key: 'prompts',
    name: 'name',
    changed: 'notifications/prompts/list_changed',
    filter: 'promptsListChanged',
  },
  {
    method: 'resources/list',
    key: 'resources',
    name: 'uri',
    changed: 'notifications/resources/list_changed',
    filter: 'resourcesListChanged',
  },
];

/** Pages of a list at most; a server that never ends is not asked for more. */
const MAX_PAGES = 200;

/** A list as it was told: the text of each entry under its name. */
type Entries = ReadonlyMap<string, string>;

/** A list that the client has read to its end. */
export interface KnownList extends List {
  readonly entries: Entries;
  /** The params of the client's first request for it, without a cursor: what to ask a new process with. */
  readonly params: string | undefined;
}

/** The request for a list: its method, and its params as text. */
interface ListRequest {
  readonly method: string;
  readonly params: string | undefined;
}

/** Whether a method asks for one of the lists that are remembered. */
export function isList(method: string): boolean {
  return LISTS.some((list) => list.method === method);
}

/** The lists whose changes a stream of news was opened for, by what the filter of such a stream calls them. */
export function newsIn(wanted: unknown): readonly string[] {
  return LISTS.map(({ filter }) => filter).filter((filter) => isObject(wanted) && wanted[filter] === true);
}

/** The pages of one list, as they come. */
interface ListPages {
  readonly entries: Map<string, string>;
  readonly params: string | undefined;
  pages: number;
  cursor: string | undefined;
}

/** Remembers the lists that a client was told, whole lists only. */
export class KnownLists {
  readonly #known = new Map<string, KnownList>();
  readonly #reading = new Map<string, ListPages>();

  /** Every list that the client knows. */
  get all(): readonly KnownList[] {
    return [...this.#known.values()];
  }

  /** The client was told that a list is another now, with these entries, whether or not it asks for it again. */
  told(list: KnownList, entries: Entries): void {
    this.#known.set(list.method, { ...list, entries });
  }

  /** Takes an answer that the client was given to a request of its own. */
  answered({ method, params }: ListRequest, answer: Message): void {
    const list = LISTS.find((each) => each.method === method);
    if (list === undefined || answer.kind !== 'result') return;
    const cursor = textIn(params === undefined ? undefined : JSON.parse(params), 'cursor');
    const first: ListPages = { entries: new Map(), params, pages: 0, cursor: undefined };
    const pages = cursor === undefined ? first : this.#reading.get(method);
    if (pages === undefined || (cursor !== undefined && pages.cursor !== cursor)) return;
    const next = addPage(list, pages, answer);
    pages.cursor = next;
    if (next === undefined) {
      this.#reading.delete(method);
      this.#known.set(method, { ...list, entries: pages.entries, params: pages.params });
    } else this.#reading.set(method, pages);
  }
}

/** One list of a new process, page by page. */
export class ListReader {
  readonly entries: Map<string, string> = new Map();
  #pages = 0;
  readonly #list: KnownList;

  constructor(list: KnownList) {
    this.#list = list;
  }

  /** Takes a page and gives the cursor of the next; undefined at the end. */
  page(answer: ResultReading): string | undefined {
    const pages = { entries: this.entries, params: undefined, pages: this.#pages, cursor: undefined };
    const next = addPage(this.#list, pages, answer);
    this.#pages++;
    return next;
  }

  /** What is new, gone, or says something else, in words; none where the list is the one that the client knows. */
  get differences(): readonly string[] {
    const { entries: before } = this.#list;
    const added = [...this.entries.keys()].filter((name) => !before.has(name));
    const gone = [...before.keys()].filter((name) => !this.entries.has(name));
    const other = [...this.entries].filter(([name, text]) => before.has(name) && before.get(name) !== text);
    return [
      ...added.map((name) => `${name} is new`),
      ...gone.map((name) => `${name} is gone`),
      ...other.map(([name]) => `${name} says something else`),
    ];
  }
}

/** Keeps the entries as they were written: however deep they are, that takes no recursion. */
function addPage(list: List, pages: ListPages, { result, text }: ResultReading): string | undefined {
  const entries = isObject(result) ? result[list.key] : undefined;
  const whole = memberText(text, 'result') ?? '{}';
  const texts = Array.isArray(entries) ? jsonItems(memberText(whole, list.key) ?? '[]') : [];
  for (const [index, entry] of texts.entries()) {
    pages.entries.set(textIn(Array.isArray(entries) ? entries[index] : undefined, list.name) ?? '', entry);
  }
  pages.pages++;
  return pages.pages < MAX_PAGES ? textIn(result, 'nextCursor') : undefined;
}
