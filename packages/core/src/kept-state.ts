import type { Connection } from './connection.ts';
import type { JsonObject } from './model.ts';

/** A request that changed a server's state and is made again after a restart. */
interface KeptRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** Methods of the legacy era that set something on the server for as long as its process lives. */
const SETTING: ReadonlySet<string> = new Set(['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);

/** What a server was told to keep in mind: the log level and the subscriptions. It outlives the server's processes. */
export class KeptState {
  readonly #kept = new Map<string, KeptRequest>();

  /** True for a method whose effect is kept here. */
  static sets(method: string): boolean {
    return SETTING.has(method);
  }

  /** Brings a new process to the state of the old one. Throws only when the connection ends. */
  async restore(connection: Connection, signal: AbortSignal, onLost: (message: string) => void): Promise<void> {
    for (const { method, params } of this.#kept.values()) {
      try {
        await connection.request(method, params, { signal });
      } catch (error) {
        if (connection.isOver) throw error;
        onLost(`What was set before the restart is lost: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** Notes a request that the server answered well. */
  note(method: string, params: JsonObject): void {
    const uri = String(params['uri']);
    if (method === 'logging/setLevel') this.#kept.set(method, { method, params });
    if (method === 'resources/subscribe') this.#kept.set(`${method} ${uri}`, { method, params });
    if (method === 'resources/unsubscribe') this.#kept.delete(`resources/subscribe ${uri}`);
  }
}
