import type { Connection } from './connection.ts';
import type { JsonObject } from './model.ts';

/** Methods of the legacy era that set something on the server for as long as its process lives. */
const SETTING: ReadonlySet<string> = new Set(['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);

/** What a server was told to keep in mind: the log level and the subscriptions. It outlives the server's processes. */
export class KeptState {
  #logLevel: string | undefined;
  /** True once a server took the level: whatever it declares, the next process is to be asked too. */
  #isLevelTaken = false;
  readonly #uris = new Set<string>();

  constructor(logLevel?: string) {
    this.#logLevel = logLevel;
  }

  /** True for a method whose effect is kept here. */
  static sets(method: string): boolean {
    return SETTING.has(method);
  }

  /** The least severe log messages that the server is to send; undefined where nobody asked for any. */
  get logLevel(): string | undefined {
    return this.#logLevel;
  }

  /** The resources whose changes the server is to tell. */
  get uris(): readonly string[] {
    return [...this.#uris];
  }

  /** Brings a new process to the state of the old one. Throws only when the connection ends. */
  async restore(connection: Connection, signal: AbortSignal, onLost: (message: string) => void): Promise<void> {
    const level = this.#logLevel;
    const again = async (method: string, params: JsonObject): Promise<unknown> =>
      await connection.request(method, params, { signal });
    const isLegacy = connection.era === 'legacy';
    const setLevel = async (to: string): Promise<unknown> =>
      isLegacy && this.#isLevelTaken
        ? await again('logging/setLevel', { level: to })
        : await connection.setLogLevel(to);
    const subscribe = async (uri: string): Promise<unknown> =>
      isLegacy ? await again('resources/subscribe', { uri }) : await connection.subscribe(uri);
    const steps = [
      ...(level === undefined ? [] : [() => setLevel(level)]),
      ...this.uris.map((uri) => () => subscribe(uri)),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        if (connection.isOver) throw error;
        onLost(
          `What the server is to keep in mind is not in effect: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  /** Notes a request that the server answered well, or what stands for it in the modern era. */
  note(method: string, params: JsonObject): void {
    const { uri, level } = params;
    if (method === 'logging/setLevel' && typeof level === 'string') {
      this.#logLevel = level;
      this.#isLevelTaken = true;
    }
    if (method === 'resources/subscribe' && typeof uri === 'string') this.#uris.add(uri);
    if (method === 'resources/unsubscribe' && typeof uri === 'string') this.#uris.delete(uri);
  }
}
