import type { Frame } from '@mcp-dbg/wire';

import type { Version } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Check, type Family, type Report, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { ALL } from '../rule.ts';
import { shortened } from '../shortened.ts';

const PAGE = 'server/utilities/pagination';

/** Cursors, and characters of them, that are remembered; then no cursor is judged any more. */
const MAX_CURSORS = 20_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Pages that are followed to find out whether they go round: a server that repeats cursors does so soon. */
const MAX_STEPS = 100;

const RULES = {
  'pagination/known-cursor': {
    title: 'A client sends only cursors that the server gave it',
    level: 'error',
    versions: ALL,
    spec: PAGE,
    fix: 'Send nextCursor back as it came, and leave the cursor out to begin at the first page.',
  },
  'pagination/empty-cursor': {
    title: 'An empty text as nextCursor is followed as any other',
    level: 'warning',
    versions: ALL,
    spec: PAGE,
    fix: 'Ask for further pages as long as nextCursor is there; a server leaves it out after the last page.',
  },
  'pagination/loop': {
    title: 'The pages of a list come to an end',
    level: 'warning',
    once: 'side',
    versions: ALL,
    spec: PAGE,
    fix: 'Give each page a cursor of its own, and leave nextCursor out after the last.',
    clients: 'The TypeScript SDK 2.x stops after 64 pages with an error; a client without such a limit never stops.',
  },
} as const;

/** A page whose `nextCursor` is an empty text, and that nobody followed. */
interface Unfollowed {
  readonly frame: Frame;
  readonly version: Version | undefined;
  /** True once the client asked for something else. */
  isLeft: boolean;
}

/** How lists that come in pages are read. */
export const pagination: Family = family(RULES, (report) => new Pages(report));

class Pages implements Check {
  readonly #report: Report<keyof typeof RULES>;
  /** Of each cursor what the page after it gave as the next, by method and cursor. */
  readonly #next = new Map<string, string | undefined>();
  readonly #unfollowed = new Map<string, Unfollowed>();
  #characters = 0;

  constructor(report: Report<keyof typeof RULES>) {
    this.#report = report;
  }

  request(seen: SeenRequest): void {
    const { from, asked } = seen;
    if (from !== 'client') return;
    const cursor = cursorOf(asked.params);
    if (cursor === '') this.#unfollowed.delete(asked.method);
    for (const page of this.#unfollowed.values()) page.isLeft = true;
    if (cursor === undefined || !isList(asked.method) || this.#next.has(keyOf(asked.method, cursor))) return;
    // Where no opening was seen, the page may have come before everything that is known.
    if (this.#isFull() || seen.version === undefined) return;
    this.#next.set(keyOf(asked.method, cursor), undefined);
    const what = `The client asked for ${shortened(asked.method)} with the cursor ${quoted(cursor)}`;
    this.#report('pagination/known-cursor', seen, `${what}, which the server never gave`);
  }

  answer(seen: SeenAnswer): void {
    const { reading, frame, version } = seen;
    const asked = answeredRequest(seen);
    const method = asked?.method ?? '';
    if (seen.from !== 'server' || reading.kind === 'error' || !isList(method) || !isObject(reading.result)) return;
    const next = reading.result['nextCursor'];
    if (typeof next !== 'string' || this.#isFull()) return;
    this.#keep(method, cursorOf(asked?.params), next);
    if (this.#goesRound(method, next)) {
      this.#report(
        'pagination/loop',
        seen,
        `The server gave ${shortened(method)} the cursor ${quoted(next)} once more`,
        { about: method },
      );
    }
    // The bytes may be many, and what they show is known.
    const place = { frame: { ...frame, bytes: new Uint8Array() }, version, isLeft: false };
    if (next === '') this.#unfollowed.set(method, place);
  }

  end(): void {
    for (const [method, { isLeft, ...place }] of this.#unfollowed) {
      const what = `The client never asked for the page of ${shortened(method)} after nextCursor ""`;
      if (isLeft)
        this.#report('pagination/empty-cursor', { ...place, from: 'client' }, what, { quote: '"nextCursor":""' });
    }
  }

  #keep(method: string, cursor: string | undefined, next: string): void {
    this.#characters += next.length + (cursor?.length ?? 0);
    const key = keyOf(method, next);
    if (!this.#next.has(key)) this.#next.set(key, undefined);
    if (cursor !== undefined) this.#next.set(keyOf(method, cursor), next);
  }

  #goesRound(method: string, start: string): boolean {
    let at: string | undefined = start;
    for (let step = 0; step < MAX_STEPS && at !== undefined; step++) {
      at = this.#next.get(keyOf(method, at));
      if (at === start) return true;
    }
    return false;
  }

  #isFull(): boolean {
    return this.#next.size > MAX_CURSORS || this.#characters > MAX_CHARACTERS;
  }
}

function cursorOf(params: unknown): string | undefined {
  const cursor = isObject(params) ? params['cursor'] : undefined;
  return typeof cursor === 'string' ? cursor : undefined;
}

function isList(method: string): boolean {
  return method.endsWith('/list');
}

function keyOf(method: string, cursor: string): string {
  return `${method} ${cursor}`;
}

function quoted(cursor: string): string {
  return JSON.stringify(shortened(cursor));
}
