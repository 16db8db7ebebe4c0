// The client that the official conformance suite drives (scripts/conformance.ts): node dist/conformance.js URL. It does
// with core what any program would, by the same rules for every scenario. It is not published.
import {
  type Connection,
  type Elicitation,
  type ElicitationAnswer,
  type JsonObject,
  type ListMethod,
  type Live,
  Session,
  listEntries,
} from '@mcp-dbg/core';

import { scenarioAccess } from './conformance/scenario-access.ts';

const NEVER = new AbortController().signal;

const SAMPLES: Readonly<Record<string, unknown>> = {
  integer: 2,
  number: 2,
  boolean: true,
  array: [],
  object: {},
};

process.exitCode = await main(process.argv.at(-1) ?? '');

/** Uses a server as far as it goes; what a server refuses is said, and fails nothing. */
async function main(url: string): Promise<number> {
  try {
    const access = scenarioAccess(url, process.env['MCP_CONFORMANCE_SCENARIO'] ?? '', context());
    await using session = await Session.open({
      servers: [{ name: 'server', url, trusted: false }],
      restarts: false,
      approve: async () => true,
      features: { elicit: async (asked) => answer(asked) },
      access: async () => ({ fetch: (next) => access.fetch(next) }),
    });
    const live = await session.servers[0]?.ready();
    if (live === undefined) return 1;
    await useTools(live);
    await useEach(live.connection, 'resources/list', 'resources/read', ({ uri }) => ({ uri }));
    await useEach(live.connection, 'prompts/list', 'prompts/get', ({ name }) => ({ name }));
    return 0;
  } catch (error) {
    say(error);
    return 1;
  }
}

/** Makes the calls that the scenario wants, or else calls every tool once. */
async function useTools({ connection, tools }: Live): Promise<void> {
  const wanted = context()['toolCalls'] as readonly JsonObject[] | undefined;
  const all = tools.map(({ name, inputSchema }) => ({ name, arguments: sample(inputSchema) }));
  for (const call of wanted ?? all) await ask(connection, 'tools/call', call);
}

async function useEach(
  connection: Connection,
  list: ListMethod,
  method: string,
  params: (entry: JsonObject) => JsonObject,
): Promise<void> {
  try {
    for (const { value } of await listEntries(connection, list, NEVER, () => {})) {
      await ask(connection, method, params(value));
    }
  } catch (error) {
    say(error);
  }
}

async function ask(connection: Connection, method: string, params: JsonObject): Promise<void> {
  try {
    const { text } = await connection.request(method, params, { onProgress: () => {} });
    process.stdout.write(`${method}: ${text}\n`);
  } catch (error) {
    say(error);
  }
}

/** What the scenario tells its client. */
function context(): JsonObject {
  return JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as JsonObject;
}

/** Gives what a form has for defaults, and a value for all else that it requires. */
function answer(asked: Elicitation): ElicitationAnswer {
  if (asked.mode === 'url') return { action: 'decline' };
  const properties = Object.entries((asked.schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>);
  const defaults: readonly (readonly [string, unknown])[] = properties.flatMap(([name, property]) =>
    'default' in property ? [[name, property['default']]] : [],
  );
  const given: JsonObject = Object.fromEntries(defaults);
  return { action: 'accept', content: { ...sample(asked.schema), ...given } };
}

/** A value for each argument that a schema requires. */
function sample(schema: unknown): JsonObject {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, { readonly type?: string; readonly default?: unknown }>>;
    readonly required?: readonly string[];
  };
  return Object.fromEntries(
    required.map((name) => {
      const { type = 'string', default: given } = properties[name] ?? {};
      return [name, given ?? SAMPLES[type] ?? 'text'];
    }),
  );
}

function say(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
