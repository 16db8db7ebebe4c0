import type { Sender } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';
import { answeredRequest } from './answered-request.ts';
import type { SeenAnswer } from './check.ts';

/**
 * What both sides of a legacy connection said in `initialize` that they can do. Where that was not seen, or had no
 * capabilities, nothing is known, and so nothing can be held against anybody.
 */
export class Announced {
  readonly #capabilities: Partial<Record<Sender, Readonly<Record<string, unknown>>>> = {};

  /** Takes every answer of the connection. */
  take(seen: SeenAnswer): void {
    const { reading } = seen;
    const asked = answeredRequest(seen);
    if (asked?.method !== 'initialize' || reading.kind !== 'result') return;
    this.#keep('client', asked.params);
    this.#keep('server', reading.result);
  }

  /**
   * True where a side announced the capability, false where it did not, undefined where it is not known. Points go
   * down: `resources.subscribe`.
   */
  has(side: Sender, capability: string): boolean | undefined {
    let value: unknown = this.#capabilities[side];
    if (value === undefined) return undefined;
    for (const key of capability.split('.')) {
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    // What should be an object and is null may mean either; that is told as a fault of shape.
    return value === null ? undefined : value !== undefined && value !== false;
  }

  #keep(side: Sender, said: unknown): void {
    const capabilities = isObject(said) ? said['capabilities'] : undefined;
    if (isObject(capabilities)) this.#capabilities[side] = capabilities;
  }
}
