import type { NotificationReading } from '@mcp-dbg/wire';

import { isObject } from '../json.ts';
import type { ConnectionEvent } from '../server-events.ts';

/** The lists of a server that it may say have changed. */
export type ChangingList = 'tools' | 'prompts' | 'resources';

/** What a notification of a server tells a person; undefined for one that is for the program alone. */
export function newsOf({ method, params }: NotificationReading): ConnectionEvent | undefined {
  const told = isObject(params) ? params : {};
  switch (method) {
    case 'notifications/message': {
      const { level, logger, data } = told;
      return {
        type: 'log',
        level: typeof level === 'string' ? level : 'info',
        ...(typeof logger === 'string' && { logger }),
        data,
      };
    }
    case 'notifications/resources/updated':
      return typeof told['uri'] === 'string' ? { type: 'resource-updated', uri: told['uri'] } : undefined;
    case 'notifications/prompts/list_changed':
      return { type: 'list-changed', list: 'prompts' };
    case 'notifications/resources/list_changed':
      return { type: 'list-changed', list: 'resources' };
    case 'notifications/elicitation/complete':
      return { type: 'notice', message: 'The server says that what it had you open a page for is done' };
    default:
      return undefined;
  }
}
