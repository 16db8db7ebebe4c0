import { isObject } from '../json-object.ts';
import type { Asked, SeenAnswer, SeenNotification } from './check.ts';
import { listedTools } from './listed-tools.ts';

/** Tools that are remembered; of a longer list nothing is known. */
const MAX_TOOLS = 10_000;

/** Bytes of lists of tools that are held. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A tool as its server describes it, not checked. */
export type ToolDefinition = Readonly<Record<string, unknown>>;

/** What is known of a server's tools from the lists that it gave; nothing from when they changed until the next list. */
export class ToolCatalogue {
  #tools = new Map<string, ToolDefinition | undefined>();
  #bytes = 0;
  #nextCursor: unknown;
  #isWhole = false;
  /** A tool without a name may be any. */
  #hasNameless = false;
  #changedAt = 0;

  /** True while all pages of a list are known. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The names of all tools that are known. */
  get names(): Iterable<string> {
    return this.#tools.keys();
  }

  /** True where a tool has that name; also one whose definition is not clear. */
  has(name: string): boolean {
    return this.#tools.has(name);
  }

  /** The definition of a tool; undefined where there is none, or two. */
  get(name: string): ToolDefinition | undefined {
    return this.#tools.get(name);
  }

  /** Takes every notification. */
  notification({ reading, frame }: SeenNotification): void {
    if (reading.method !== 'notifications/tools/list_changed') return;
    this.#changedAt = frame.n;
    this.#forget();
  }

  /** Takes every answer. */
  answer(seen: SeenAnswer): void {
    const { asked, reading, frame } = seen;
    if (asked?.method !== 'tools/list') return;
    const tools = listedTools(seen);
    const cursor = isObject(asked.params) ? asked.params['cursor'] : undefined;
    const isNext = cursor !== undefined && cursor === this.#nextCursor;
    // A list that was asked for before a change may be from before it.
    if (tools === undefined || asked.frame.n < this.#changedAt || (cursor !== undefined && !isNext))
      return this.#forget();
    if (cursor === undefined) this.#forget();
    this.#bytes += frame.bytes.length;
    if (this.#bytes > MAX_BYTES || tools.length + this.#tools.size > MAX_TOOLS) return this.#forget();
    for (const { name, definition } of tools) {
      if (name === undefined) this.#hasNameless = true;
      else this.#tools.set(name, this.#tools.has(name) || !isObject(definition) ? undefined : definition);
    }
    this.#nextCursor = reading.kind === 'result' && isObject(reading.result) ? reading.result['nextCursor'] : undefined;
    this.#isWhole = this.#nextCursor === undefined && !this.#hasNameless;
  }

  #forget(): void {
    this.#tools = new Map();
    this.#bytes = 0;
    this.#nextCursor = undefined;
    this.#isWhole = false;
    this.#hasNameless = false;
  }
}

/** The name of the tool that a request calls. */
export function calledTool({ method, params }: Asked): string | undefined {
  const name = method === 'tools/call' && isObject(params) ? params['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}
