import type { Client, McpSubscription, SubscriptionFilter } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import type { ChangingList } from './server-news.ts';

export interface SubscriptionsOptions {
  readonly client: Client;
  readonly capabilities: JsonObject;
  /** Milliseconds for the server to say that it listens. */
  readonly timeoutMs: number;
  /** Aborted with the connection: an end that everybody knows of is not told. */
  readonly over: AbortSignal;
  readonly onNotice: (message: string) => void;
}

/** What each list is called in the filter of `subscriptions/listen`. */
const FILTERS = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
} as const satisfies Record<ChangingList, keyof SubscriptionFilter>;

/** True where a server says that it tells when a list changes. */
export function tellsOf(list: ChangingList, capabilities: JsonObject): boolean {
  const capability = capabilities[list];
  return isObject(capability) && capability['listChanged'] === true;
}

/**
 * The subscriptions of one connection of the modern era (2026-07-28/basic/patterns/subscriptions): one for its lists,
 * and one for each resource, so that none of them ends with another.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #resources = new Map<string, McpSubscription>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Listens to the changes of every list of which the server tells them. Nobody waits for that. */
  lists(): void {
    const { capabilities } = this.#options;
    const lists = (['tools', 'prompts', 'resources'] as const).filter((list) => tellsOf(list, capabilities));
    if (lists.length === 0) return;
    const filter: SubscriptionFilter = Object.fromEntries(lists.map((list) => [FILTERS[list], true]));
    const what = `The server offers news of its ${lists.join(', ')} but does not give it`;
    void this.#open(filter).then(
      (subscription) => this.#watch(subscription, what),
      (error: unknown) => this.#notice(what, error instanceof Error ? error.message : String(error)),
    );
  }

  /** Listens to the changes of a resource, until {@link remove}. Throws {@link CoreError} where the server does not. */
  async add(uri: string): Promise<void> {
    if (this.#resources.has(uri)) return;
    const subscription = await this.#open({ resourceSubscriptions: [uri] }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new CoreError('SERVER_ERROR', `The server does not tell of changes of ${uri}: ${why}`, { cause: error });
    });
    if (subscription.honoredFilter.resourceSubscriptions?.includes(uri) !== true) {
      await subscription.close();
      throw new CoreError('SERVER_ERROR', `The server does not tell of changes of ${uri}: it left it out`);
    }
    this.#resources.set(uri, subscription);
    void this.#watch(subscription, `The server no longer tells of changes of ${uri}`).then(() => {
      if (this.#resources.get(uri) === subscription) this.#resources.delete(uri);
    });
  }

  async remove(uri: string): Promise<void> {
    const subscription = this.#resources.get(uri);
    this.#resources.delete(uri);
    await subscription?.close();
  }

  async #open(filter: SubscriptionFilter): Promise<McpSubscription> {
    return await this.#options.client.listen(filter, { timeout: this.#options.timeoutMs });
  }

  async #watch(subscription: McpSubscription, what: string): Promise<void> {
    if ((await subscription.closed) !== 'local') this.#notice(what, 'it ended the subscription');
  }

  #notice(what: string, why: string): void {
    if (!this.#options.over.aborted) this.#options.onNotice(`${what}: ${why}`);
  }
}
