import { type IdText, type Sender, peerOf } from '@mcp-dbg/wire';

import { eraOf } from './eras.ts';
import type { Outline } from './outline.ts';
import type { Cause } from './paired.ts';

/** Tokens of tasks that are kept after the answer that said that they go on. */
const MAX_TASK_TOKENS = 1000;

/** What a server asks of its client while it works on a request (legacy era). */
const ASKED_MEANWHILE: ReadonlySet<string> = new Set(['sampling/createMessage', 'elicitation/create', 'roots/list']);

/**
 * The requests in flight by what tells that a message of the other side belongs to one of them, although it does not
 * name its id: the progress token, or that no other request can be meant.
 */
export class Joins<Asked extends { readonly exchange: Cause }> {
  readonly #byToken: Readonly<Record<Sender, Map<IdText, Asked>>> = { client: new Map(), server: new Map() };
  readonly #ofTasks: Readonly<Record<Sender, Map<IdText, Cause>>> = { client: new Map(), server: new Map() };
  /** The client's requests of the legacy era: each can cause log messages and requests of the server. */
  readonly #legacy = new Set<Asked>();
  /** The client's modern requests that want log messages. */
  readonly #logging = new Set<Asked>();

  #lastVersion: string | undefined;
  #wasModern = false;

  ask(asker: Sender, { token, wantsLog }: Outline, version: string | undefined, asked: Asked): void {
    if (token !== undefined) this.#byToken[asker].set(token, asked);
    if (asker === 'server') return;
    if (!this.#isModern(version)) this.#legacy.add(asked);
    else if (wantsLog) this.#logging.add(asked);
  }

  /** Most requests of a connection name one version. */
  #isModern(version: string | undefined): boolean {
    if (version !== this.#lastVersion) {
      this.#lastVersion = version;
      this.#wasModern = version !== undefined && eraOf(version) === 'modern';
    }
    return this.#wasModern;
  }

  /** The request is not in flight any more. The token of one that became a task stays good. */
  close(asker: Sender, token: IdText | undefined, asked: Asked, isTask: boolean): void {
    if (asker === 'client') this.quiet(asked);
    if (token === undefined || this.#byToken[asker].get(token) !== asked) return;
    this.#byToken[asker].delete(token);
    const { n, method, version } = asked.exchange;
    if (isTask) keepNewest(this.#ofTasks[asker], token, { n, method, version });
  }

  /** The request was called off: nothing more is done for it, but what it was told to report may still be on its way. */
  quiet(asked: Asked): void {
    if (!this.#legacy.delete(asked)) this.#logging.delete(asked);
  }

  /** The request that a progress notification tells of. */
  withToken(teller: Sender, token: IdText): Cause | undefined {
    const asker = peerOf(teller);
    return this.#byToken[asker].get(token)?.exchange ?? this.#ofTasks[asker].get(token);
  }

  /** The one request that can have caused a log message now; undefined where it may have been another. */
  get logged(): Asked | undefined {
    if (this.#legacy.size + this.#logging.size !== 1) return undefined;
    const [only] = this.#legacy.size === 1 ? this.#legacy : this.#logging;
    return only;
  }

  /** The one request for which a server can ask something of its client now. */
  causeOf(method: string): Asked | undefined {
    if (this.#legacy.size !== 1 || !ASKED_MEANWHILE.has(method)) return undefined;
    const [only] = this.#legacy;
    return only;
  }

  clear(): void {
    for (const asker of ['client', 'server'] as const) {
      this.#byToken[asker].clear();
      this.#ofTasks[asker].clear();
    }
    this.#legacy.clear();
    this.#logging.clear();
  }
}

function keepNewest(tokens: Map<IdText, Cause>, token: IdText, asked: Cause): void {
  tokens.delete(token);
  tokens.set(token, asked);
  if (tokens.size <= MAX_TASK_TOKENS) return;
  for (const oldest of tokens.keys()) {
    tokens.delete(oldest);
    return;
  }
}
