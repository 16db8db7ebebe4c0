import { LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, type Version } from './eras.ts';

/** One method of MCP: who may send it, in which versions. */
export interface Method {
  readonly name: string;
  readonly kind: 'request' | 'notification';
  /** The versions in which a client sends it. */
  readonly client: readonly Version[];
  /** The versions in which a server sends it. */
  readonly server: readonly Version[];
  /** The versions in which a server's result asks for it (`inputRequests`) and it is no message of its own. */
  readonly embedded: readonly Version[];
  /** The extension that has it in the modern era. */
  readonly extension?: string;
}

const NONE: readonly Version[] = [];
const ALL: readonly Version[] = VERSIONS;
const LEGACY: readonly Version[] = LEGACY_VERSIONS;
const MODERN: readonly Version[] = MODERN_VERSIONS;
const TASKS_CORE: readonly Version[] = ['2025-11-25'];
const ELICITING: readonly Version[] = ['2025-06-18', '2025-11-25'];

const TASKS = 'io.modelcontextprotocol/tasks';
const SKILLS = 'io.modelcontextprotocol/skills';

const fromClient = (name: string, versions: readonly Version[], extension?: string): Method => ({
  name,
  kind: 'request',
  client: versions,
  server: NONE,
  embedded: NONE,
  ...(extension !== undefined && { extension }),
});

const fromServer = (name: string, versions: readonly Version[]): Method => ({
  name,
  kind: 'request',
  client: NONE,
  server: versions,
  embedded: MODERN,
});

const notice = (name: string, client: readonly Version[], server: readonly Version[], extension?: string): Method => ({
  name,
  kind: 'notification',
  client,
  server,
  embedded: NONE,
  ...(extension !== undefined && { extension }),
});

/** Every method of the published schemas and of the extensions that run over stdio. */
export const METHODS: readonly Method[] = [
  fromClient('initialize', LEGACY),
  fromClient('server/discover', MODERN),
  { name: 'ping', kind: 'request', client: LEGACY, server: LEGACY, embedded: NONE },
  fromClient('tools/list', ALL),
  fromClient('tools/call', ALL),
  fromClient('prompts/list', ALL),
  fromClient('prompts/get', ALL),
  fromClient('resources/list', ALL),
  fromClient('resources/templates/list', ALL),
  fromClient('resources/read', ALL),
  fromClient('resources/subscribe', LEGACY),
  fromClient('resources/unsubscribe', LEGACY),
  fromClient('subscriptions/listen', MODERN),
  fromClient('completion/complete', ALL),
  fromClient('logging/setLevel', LEGACY),
  fromServer('sampling/createMessage', LEGACY),
  fromServer('roots/list', LEGACY),
  fromServer('elicitation/create', ELICITING),
  {
    name: 'tasks/get',
    kind: 'request',
    client: TASKS_CORE,
    server: TASKS_CORE,
    embedded: NONE,
    extension: TASKS,
  },
  {
    name: 'tasks/cancel',
    kind: 'request',
    client: TASKS_CORE,
    server: TASKS_CORE,
    embedded: NONE,
    extension: TASKS,
  },
  { name: 'tasks/result', kind: 'request', client: TASKS_CORE, server: TASKS_CORE, embedded: NONE },
  { name: 'tasks/list', kind: 'request', client: TASKS_CORE, server: TASKS_CORE, embedded: NONE },
  fromClient('tasks/update', NONE, TASKS),
  fromClient('skills/list', NONE, SKILLS),
  fromClient('skills/get', NONE, SKILLS),
  fromClient('resources/directory/read', NONE, SKILLS),
  notice('notifications/initialized', LEGACY, NONE),
  notice('notifications/cancelled', ALL, ALL),
  notice('notifications/progress', LEGACY, ALL),
  notice('notifications/message', NONE, ALL),
  notice('notifications/tools/list_changed', NONE, ALL),
  notice('notifications/prompts/list_changed', NONE, ALL),
  notice('notifications/resources/list_changed', NONE, ALL),
  notice('notifications/resources/updated', NONE, ALL),
  notice('notifications/roots/list_changed', LEGACY, NONE),
  notice('notifications/elicitation/complete', NONE, TASKS_CORE),
  notice('notifications/tasks/status', TASKS_CORE, TASKS_CORE),
  notice('notifications/tasks', NONE, NONE, TASKS),
  notice('notifications/subscriptions/acknowledged', NONE, MODERN),
];

const BY_NAME: ReadonlyMap<string, Method> = new Map(METHODS.map((method) => [method.name, method]));

/** What is known of a method; undefined where MCP has none of that name. */
export function methodNamed(name: string): Method | undefined {
  return BY_NAME.get(name);
}
