import type { Sender } from '@mcp-dbg/wire';

/** What a message needs: which side has to have announced which capability. */
export interface Need {
  readonly side: Sender;
  /** Points go down: `resources.subscribe`. */
  readonly capability: string;
}

const server = (capability: string): Need => ({ side: 'server', capability });
const client = (capability: string): Need => ({ side: 'client', capability });

/** The requests of a client, and what its server has to have announced (legacy, basic/lifecycle and the pages of each feature). */
export const NEEDS_OF_CLIENT: ReadonlyMap<string, Need> = new Map([
  ['tools/list', server('tools')],
  ['tools/call', server('tools')],
  ['prompts/list', server('prompts')],
  ['prompts/get', server('prompts')],
  ['resources/list', server('resources')],
  ['resources/templates/list', server('resources')],
  ['resources/read', server('resources')],
  ['resources/subscribe', server('resources.subscribe')],
  ['resources/unsubscribe', server('resources.subscribe')],
  ['logging/setLevel', server('logging')],
  ['completion/complete', server('completions')],
  ['tasks/get', server('tasks')],
  ['tasks/result', server('tasks')],
  ['tasks/list', server('tasks.list')],
  ['tasks/cancel', server('tasks.cancel')],
]);

/** The requests of a server, and what its client has to have announced. */
export const NEEDS_OF_SERVER: ReadonlyMap<string, Need> = new Map([
  ['sampling/createMessage', client('sampling')],
  ['roots/list', client('roots')],
  ['elicitation/create', client('elicitation')],
  ['tasks/get', client('tasks')],
  ['tasks/result', client('tasks')],
  ['tasks/list', client('tasks.list')],
  ['tasks/cancel', client('tasks.cancel')],
]);

/** Notifications, and what has to have been announced before they are sent, mostly by their own sender. */
export const NEEDS_OF_NOTIFICATIONS: ReadonlyMap<string, Need> = new Map([
  ['notifications/tools/list_changed', server('tools.listChanged')],
  ['notifications/prompts/list_changed', server('prompts.listChanged')],
  ['notifications/resources/list_changed', server('resources.listChanged')],
  ['notifications/resources/updated', server('resources.subscribe')],
  ['notifications/message', server('logging')],
  ['notifications/roots/list_changed', client('roots.listChanged')],
  ['notifications/elicitation/complete', client('elicitation.url')],
]);
