import { type IdText, type Message, type RequestReading, flippedId } from '@mcp-dbg/wire';

/** A request of ours that is on the wire. */
export interface Asked {
  readonly id: IdText;
  readonly method: string;
  /** What a person would call it: a tool's name for a tool call, else the method. */
  readonly label: string;
  /** False for a subscription: its answer is its end, so nobody waits for one. */
  readonly awaited: boolean;
}

/** Which request an answer belongs to, if any, and what is wrong with the answer's id. */
export interface Match {
  readonly asked?: Asked;
  readonly finding?: { readonly rule: string; readonly message: string };
}

/** The requests of ours that are not answered yet. A wrong id is forgiven where there is no doubt what it means. */
export class OpenRequests {
  readonly #open = new Map<IdText, Asked>();
  readonly #forgotten = new Set<IdText>();

  ask(request: RequestReading): void {
    const { id, method, params } = request;
    const name = typeof params === 'object' && params !== null && 'name' in params ? params.name : undefined;
    const label = method === 'tools/call' && typeof name === 'string' ? name : method;
    this.#open.set(id, { id, method, label, awaited: method !== 'subscriptions/listen' });
  }

  /** Nobody waits for this one any more; an answer that comes late is nobody's fault. */
  forget(id: IdText): void {
    if (this.#open.delete(id)) this.#forgotten.add(id);
  }

  has(id: IdText): boolean {
    return this.#open.has(id);
  }

  /** True for a request of ours that comes back from the server as it was sent. */
  isEcho({ id, method }: RequestReading): boolean {
    return this.#open.get(id)?.method === method;
  }

  /** Finds what an answer answers, and closes it. */
  answer({ id }: Extract<Message, { kind: 'result' | 'error' }>): Match {
    const exact = this.#open.get(id);
    if (exact !== undefined) return this.#close(exact);
    if (this.#forgotten.delete(id) || this.#forgotten.delete(flippedId(id))) return {};
    const other = this.#open.get(flippedId(id));
    if (other !== undefined) {
      const message = `The server answered id ${id} where ${other.id} was asked: JSON types count`;
      return this.#close(other, { rule: 'json-rpc/id-type', message });
    }
    const [only, ...more] = this.waiting;
    if (id === 'null' && only !== undefined && more.length === 0) {
      const message = `The server answered id null while only ${only.label} (id ${only.id}) waits; SDK clients would wait on`;
      return this.#close(only, { rule: 'json-rpc/id-null', message });
    }
    return { finding: { rule: 'json-rpc/orphan', message: `No request waits for the answer with id ${id}` } };
  }

  /** What somebody waits for, in order of asking. */
  get waiting(): readonly Asked[] {
    return [...this.#open.values()].filter(({ awaited }) => awaited);
  }

  #close(asked: Asked, finding?: NonNullable<Match['finding']>): Match {
    this.#open.delete(asked.id);
    return { asked, ...(finding && { finding }) };
  }
}
