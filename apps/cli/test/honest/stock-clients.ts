import { Client as ModernClient } from '@modelcontextprotocol/client';
import {
  StdioClientTransport as ModernTransport,
  type StdioServerParameters,
} from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: () => void;
}

type Answer = Promise<Readonly<Record<string, unknown>>>;

/** What the clients of both SDKs have in common, under the names that they give it. */
interface StockClient {
  getServerCapabilities(): Readonly<Record<string, unknown>> | undefined;
  listTools(): Answer;
  listPrompts(): Answer;
  listResources(): Promise<{ readonly resources: readonly { readonly uri: string }[] }>;
  listResourceTemplates(): Answer;
  readResource(params: { uri: string }): Answer;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Answer;
  complete(params: { ref: { type: 'ref/prompt'; name: string }; argument: { name: string; value: string } }): Answer;
  ping(): Promise<unknown>;
  setLoggingLevel(level: 'info'): Promise<unknown>;
  subscribeResource(params: { uri: string }): Promise<unknown>;
  unsubscribeResource(params: { uri: string }): Promise<unknown>;
  close(): Promise<void>;
}

/** A connected client, and what the two SDKs do not do alike. */
export interface Connected {
  readonly client: StockClient;
  readonly isLegacy: boolean;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
  /** The end of the wait for the next news that the list of tools changed. */
  toolsChanged(): Promise<void>;
}

/** Connects a client of one SDK, which can do all that servers ask of clients. */
export type Connect = (command: string, args: string[], env: Record<string, string>) => Promise<Connected>;

const INFO = { name: 'stock', version: '1.0.0' };
const capabilities = { roots: { listChanged: true }, sampling: {}, elicitation: {} };
const ROOTS = { roots: [{ uri: 'file:///work', name: 'work' }] };
const SAMPLED = { model: 'none', role: 'assistant' as const, content: { type: 'text' as const, text: 'Hello.' } };
const DECLINED = { action: 'decline' as const };

/** Settles those who wait for news of the tools. */
class Waiters {
  readonly #waiting: (() => void)[] = [];
  readonly listChanged = { tools: { autoRefresh: true, onChanged: (): void => this.#settle() } };

  readonly next = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The client of `@modelcontextprotocol/sdk` 1.x, which is legacy. */
export const connectLegacy: Connect = async (command, args, env) => {
  const waiters = new Waiters();
  const client = new LegacyClient(INFO, { capabilities, listChanged: waiters.listChanged });
  client.setRequestHandler(ListRootsRequestSchema, () => ROOTS);
  client.setRequestHandler(CreateMessageRequestSchema, () => SAMPLED);
  client.setRequestHandler(ElicitRequestSchema, () => DECLINED);
  await client.connect(new LegacyTransport({ command, args, env, stderr: 'ignore' }));
  return {
    client,
    isLegacy: true,
    call: (name, args_, options) => client.callTool({ name, arguments: args_ }, undefined, options),
    toolsChanged: waiters.next,
  };
};

/** The client of `@modelcontextprotocol/client` 2.x, which finds out which era its server is of on a second process. */
export const connectModern: Connect = async (command, args, env) =>
  modern(new ModernTransport(settings(command, args, env)));

/** The SDK probes a class of its own on a second process, and any other, such as this one, in place. */
class InPlace extends ModernTransport {}

/** The same client, which finds it out on the process that it goes on with. */
export const connectInPlace: Connect = async (command, args, env) => modern(new InPlace(settings(command, args, env)));

function settings(command: string, args: string[], env: Record<string, string>): StdioServerParameters {
  return { command, args, env, stderr: 'ignore' };
}

async function modern(transport: ModernTransport): Promise<Connected> {
  const waiters = new Waiters();
  const client = new ModernClient(INFO, {
    capabilities,
    listChanged: waiters.listChanged,
    versionNegotiation: { mode: 'auto' },
  });
  client.setRequestHandler('roots/list', () => ROOTS);
  client.setRequestHandler('sampling/createMessage', () => SAMPLED);
  client.setRequestHandler('elicitation/create', () => DECLINED);
  await client.connect(transport);
  return {
    client,
    isLegacy: client.getProtocolEra() === 'legacy',
    call: (name, args, options) => client.callTool({ name, arguments: args }, options),
    toolsChanged: waiters.next,
  };
}
