import { Anthropic } from '@anthropic-ai/sdk';
import { type Model, ModelError, type ModelReply, type ModelRequest } from '../model.ts';
import { type Endpoint, toModelError } from './anthropic-error.ts';
import { messageParams } from './message-params.ts';
import { modelReply } from './model-reply.ts';
import { priceOf } from './price.ts';
import { toolParams } from './tool-params.ts';
import { wellFormed } from './well-formed.ts';

/** The model that is asked when nobody names one. */
export const DEFAULT_MODEL = 'claude-sonnet-5-5';

/**
 * Which fields a request may carry. `full` is for Anthropic's own API; `plain` leaves out all that servers which only
 * speak the same API tend not to know: prompt caching and documents.
 */
export type ModelProfile = 'full' | 'plain';

export interface AnthropicOptions {
  /** A key or a token, not both; none at all only with a base URL. */
  readonly apiKey?: string | undefined;
  readonly authToken?: string | undefined;
  /** Where the API is, without `/v1`. Default: Anthropic's own. */
  readonly baseURL?: string | undefined;
  /** Default: {@link DEFAULT_MODEL}. Any id is passed on as it is. */
  readonly model?: string | undefined;
  /** The longest reply in tokens. Default: 16 000, or 4 096 with the plain profile. */
  readonly maxTokens?: number | undefined;
  /** Default: `full` on Anthropic's own hosts, else `plain`. */
  readonly profile?: ModelProfile | undefined;
  /** How often a refused connection, a 408, 409, 429 or 5xx is tried again. Default: 2. */
  readonly maxRetries?: number | undefined;
  /** What to call the model to a person. Default: the model's id. */
  readonly name?: string | undefined;
}

const ANTHROPIC_URL = 'https://api.anthropic.com';
const MAX_TOKENS: Readonly<Record<ModelProfile, number>> = { full: 16_000, plain: 4_096 };

/**
 * A model behind the Messages API: Anthropic's own, or any server that speaks it. Credentials and address are what the
 * options say, never the environment; of that, the SDK reads `ANTHROPIC_CUSTOM_HEADERS` alone.
 * Throws a ModelError `CREDENTIALS` without usable credentials, `UNREACHABLE` for a base URL that is none.
 */
export function anthropicModel(options: AnthropicOptions): Model {
  const endpoint = endpointOf(options);
  const client = clientFor(endpoint, options);
  return {
    name: options.name ?? endpoint.model,
    reply: (request) => streamReply(client, endpoint, options, request),
    // Whoever else speaks this API has prices of its own.
    ...(endpoint.profile === 'full' && { cost: (usage) => priceOf(endpoint.model, usage) }),
  };
}

async function* streamReply(
  client: Anthropic,
  endpoint: Endpoint,
  options: AnthropicOptions,
  { turns, tools, signal, system, maxTokens }: ModelRequest,
): AsyncGenerator<string, ModelReply> {
  signal.throwIfAborted();
  const { profile, model } = endpoint;
  const body: Anthropic.MessageStreamParams = {
    model,
    max_tokens: Math.min(options.maxTokens ?? MAX_TOKENS[profile], maxTokens ?? Infinity),
    ...(system !== undefined && system.trim() !== '' && wellFormed({ system })),
    ...wellFormed({ messages: messageParams(turns, profile), ...toolParams(tools, turns) }),
    ...(profile === 'full' ? { cache_control: { type: 'ephemeral' } } : {}),
  };
  const stream = client.messages.stream(body, { signal });
  try {
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text;
    }
    return modelReply(await stream.finalMessage(), endpoint);
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, endpoint);
  } finally {
    // An app that stops reading must not leave the answer running.
    stream.abort();
  }
}

function clientFor(endpoint: Endpoint, { maxRetries = 2 }: AnthropicOptions): Anthropic {
  const { apiKey, authToken, baseURL } = endpoint;
  const common = { baseURL, maxRetries, logLevel: 'off', openTelemetry: false } as const;
  if (authToken !== undefined) return new Anthropic({ ...common, authToken });
  if (apiKey !== undefined) return new Anthropic({ ...common, apiKey });
  // The empty key keeps the SDK from looking for other credentials; the null drops the header it would make of it.
  return new Anthropic({ ...common, apiKey: '', defaultHeaders: { Authorization: null } });
}

function endpointOf(options: AnthropicOptions): Endpoint {
  const apiKey = options.apiKey?.trim() || undefined;
  const authToken = apiKey === undefined ? options.authToken?.trim() || undefined : undefined;
  const baseURL = options.baseURL?.trim() || ANTHROPIC_URL;
  const url = checkedUrl(baseURL);
  const secret = apiKey ?? authToken;
  const own = url.hostname === 'anthropic.com' || url.hostname.endsWith('.anthropic.com');
  if (secret === undefined && own) {
    throw new ModelError(
      'CREDENTIALS',
      'There is no API key for the Anthropic API: set ANTHROPIC_API_KEY in the environment or in a .env file here, or set ANTHROPIC_BASE_URL to a local server that speaks its Messages API.',
    );
  }
  if (secret !== undefined && !/^[\x21-\x7e]+$/.test(secret)) {
    throw new ModelError(
      'CREDENTIALS',
      `The ${apiKey === undefined ? 'ANTHROPIC_AUTH_TOKEN' : 'ANTHROPIC_API_KEY'} holds a space or a character that no key has: copy the key again, without quotes or line breaks.`,
    );
  }
  const profile = options.profile ?? (own ? 'full' : 'plain');
  const model = options.model?.trim() || DEFAULT_MODEL;
  return { apiKey, authToken, baseURL, host: url.host, model, profile };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password) return url;
  throw new ModelError(
    'UNREACHABLE',
    'The base URL of the model is not a usable address: it must look like http://localhost:11434, without user name or password; check ANTHROPIC_BASE_URL.',
  );
}
