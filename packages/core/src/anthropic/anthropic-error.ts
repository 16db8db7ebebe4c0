import { inspect } from 'node:util';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { ModelError, type ModelErrorCode } from '../model.ts';
import type { ModelProfile } from './anthropic-model.ts';

/** Whom a model asks, and with what. */
export interface Endpoint {
  readonly apiKey: string | undefined;
  readonly authToken: string | undefined;
  readonly baseURL: string;
  /** Host and port of the base URL: all of it that a message may name. */
  readonly host: string;
  readonly model: string;
  readonly profile: ModelProfile;
}

/** What this file reads of the SDK's error for an answer that is one. */
interface StatusError extends Error {
  readonly status: number | undefined;
  readonly type: string | null;
  /** A text, unless the server is not Anthropic's. */
  readonly apiMessage: unknown;
}

/** Longest quote from an API's own words, in characters. */
const QUOTE_LIMIT = 300;

/** Turns whatever the SDK threw into one sentence for a person. The key is in no message and in no cause. */
export function toModelError(error: unknown, endpoint: Endpoint): ModelError {
  if (error instanceof ModelError) return error;
  const [code, message] = judge(error, endpoint);
  const secret = secretOf(endpoint);
  const tells = secret !== undefined && inspect(error, { depth: 8 }).includes(secret);
  return new ModelError(code, message, tells ? {} : { cause: error });
}

function judge(error: unknown, endpoint: Endpoint): readonly [ModelErrorCode, string] {
  const { host, baseURL } = endpoint;
  if (error instanceof APIConnectionTimeoutError) {
    return ['UNREACHABLE', `No answer came from ${host} in time: check that the server is up, then ask again.`];
  }
  if (error instanceof APIConnectionError) {
    const local = baseURL.startsWith('http:')
      ? 'check that it runs and that ANTHROPIC_BASE_URL is right'
      : 'check the network connection and ANTHROPIC_BASE_URL';
    return [
      'UNREACHABLE',
      `The model's API at ${host} cannot be reached (${networkCode(error) ?? quote(rootOf(error).message, endpoint)}): ${local}.`,
    ];
  }
  if (error instanceof APIError) return judgeStatus(error, endpoint);
  const code = networkCode(error);
  if (code !== undefined) {
    return ['BROKEN', `The connection to ${host} broke in the middle of the answer (${code}): ask again.`];
  }
  return [
    'BROKEN',
    `The answer of ${host} could not be read (${quote(textOf(error), endpoint)}): ask again; if it stays so, that address does not speak the Messages API.`,
  ];
}

function judgeStatus(error: StatusError, endpoint: Endpoint): readonly [ModelErrorCode, string] {
  const { host, model } = endpoint;
  const status = error.status ?? STATUS_OF_TYPE.get(error.type ?? '');
  const said = quote(typeof error.apiMessage === 'string' ? error.apiMessage : error.message, endpoint);
  const named = secretName(endpoint);
  if (status === 401) return ['CREDENTIALS', `${host} does not accept the credentials (401: ${said}): check ${named}.`];
  if (status === 403)
    return [
      'CREDENTIALS',
      `${host} does not allow this with these credentials (403: ${said}): use a key that may, in ${named}.`,
    ];
  if (status === 404) {
    return [
      'REJECTED',
      `${host} knows no model "${quote(model, endpoint)}" (404: ${said}): choose another with --model or MCP_DBG_MODEL, and check ANTHROPIC_BASE_URL.`,
    ];
  }
  if (status === 413) return ['REJECTED', `The conversation is too big for ${host} (413: ${said}): start a new one.`];
  if (status === 429)
    return ['OVERLOADED', `${host} allows no more requests for now (429: ${said}): wait, then ask again.`];
  if (status === 529) return ['OVERLOADED', `${host} is overloaded (529: ${said}): wait, then ask again.`];
  if (status !== undefined && status >= 500)
    return ['OVERLOADED', `${host} failed (${status}: ${said}): wait, then ask again.`];
  if (status === undefined) return ['BROKEN', `The answer of ${host} broke off (${said}): ask again.`];
  return ['REJECTED', `${host} refused the request (${status}: ${said}).`];
}

/** An error that comes in mid-stream has a type and no status. */
const STATUS_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

/** The system's own word for what failed, such as ECONNREFUSED; it sits deep in the chain of causes. */
function networkCode(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('ERR_')) return at.code;
    at = at instanceof AggregateError ? (at.errors as readonly unknown[])[0] : at.cause;
  }
  return undefined;
}

function rootOf(error: Error): Error {
  let at = error;
  for (let depth = 0; depth < 8 && at.cause instanceof Error; depth++) at = at.cause;
  return at;
}

/** Someone else's words, in one short line and without the key. */
function quote(text: string, endpoint: Endpoint): string {
  const secret = secretOf(endpoint);
  const clean = secret === undefined ? text : text.replaceAll(secret, '[key]');
  const line = clean.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > QUOTE_LIMIT ? `${line.slice(0, QUOTE_LIMIT)}…` : line;
}

function secretOf({ apiKey, authToken }: Endpoint): string | undefined {
  return apiKey ?? authToken;
}

function secretName({ apiKey, authToken }: Endpoint): string {
  if (apiKey !== undefined) return 'ANTHROPIC_API_KEY';
  return authToken === undefined
    ? 'whether it needs ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN'
    : 'ANTHROPIC_AUTH_TOKEN';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
