import { type AnthropicOptions, anthropicModel } from '../../src/anthropic/index.ts';
import type { Model, ModelReply, ModelRequest, ToolSpec, Turn } from '../../src/model.ts';
import { type MessagesApi, type MessagesApiOptions, messagesApi, parseScript } from '../../src/script/index.ts';

const never: AbortSignal = new AbortController().signal;

export const echo: ToolSpec = { name: 'echo', description: 'Says it again', inputSchema: { type: 'object' } };

/** A reply with the pieces in which it came. */
export interface Heard {
  readonly pieces: readonly string[];
  readonly reply: ModelReply;
}

export async function hear(
  model: Model,
  request: Partial<ModelRequest> & { readonly turns: readonly Turn[] },
): Promise<Heard> {
  const replies = model.reply({ tools: [echo], signal: never, ...request });
  const pieces: string[] = [];
  for (;;) {
    const step = await replies.next();
    if (step.done === true) return { pieces, reply: step.value };
    pieces.push(step.value);
  }
}

/** What the model throws when asked; fails if it answers. */
export async function failure(model: Model, turns: readonly Turn[] = [user('hi')]): Promise<Error & { code?: string }> {
  return hear(model, { turns }).then(
    ({ reply }) => {
      throw new Error(`An error was expected, and this came: ${JSON.stringify(reply)}`);
    },
    (error: unknown) => error as Error,
  );
}

export function user(text: string): Turn {
  return { role: 'user', text };
}

export function assistant(reply: ModelReply): Turn {
  return { role: 'assistant', reply };
}

export function results(reply: ModelReply, text = 'done'): Turn {
  return {
    role: 'tools',
    replies: reply.calls.map(({ id }) => ({ id, isError: false, content: [{ type: 'text', text }] })),
  };
}

export interface Scripted extends AsyncDisposable {
  readonly api: MessagesApi;
  readonly model: Model;
  /** The bodies of all requests so far, as sent. */
  readonly bodies: readonly string[];
}

/** A loopback API that plays these turns, and the production model that asks it. */
export async function scripted(
  turns: readonly object[],
  modelOptions: AnthropicOptions = {},
  apiOptions: MessagesApiOptions = {},
): Promise<Scripted> {
  const bodies: string[] = [];
  const api = await messagesApi(parseScript(JSON.stringify({ turns })), {
    ...apiOptions,
    onRequest: (request) => void bodies.push(request.body),
  });
  const model = anthropicModel({ apiKey: api.token, baseURL: api.url, ...modelOptions });
  return { api, model, bodies, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}
