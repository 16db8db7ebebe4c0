import { parseEnv } from 'node:util';

/** What an environment says about Anthropic's API; fits the options of `anthropicModel`. */
export interface AnthropicSettings {
  readonly apiKey?: string;
  readonly authToken?: string;
  readonly baseURL?: string;
  readonly model?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Decides which credentials, address and model apply, from an environment and the text of a `.env` file. The
 * environment wins. Of the file only `ANTHROPIC_*` and `MCP_DBG_MODEL` are read, and its base URL counts only with a
 * key from the same file: a stranger's folder must not send the person's own key elsewhere.
 * Gives undefined when there are neither credentials nor a base URL.
 */
export function anthropicSettings(env: Environment, dotenvText?: string): AnthropicSettings | undefined {
  const file = dotenvText === undefined ? {} : (parseEnv(dotenvText) as Environment);
  const own = credentials(env);
  const fromFile = own === undefined ? credentials(file) : undefined;
  const baseURL = value(env, 'ANTHROPIC_BASE_URL') ?? (fromFile && value(file, 'ANTHROPIC_BASE_URL'));
  const model = chosenModel(env, dotenvText);
  if (own === undefined && fromFile === undefined && baseURL === undefined) return undefined;
  return { ...own, ...fromFile, ...(baseURL && { baseURL }), ...(model && { model }) };
}

/**
 * The model that an environment or the text of a `.env` file names (`MCP_DBG_MODEL`), the environment first. It need not
 * be one of Anthropic's: an app may know `manual` or `script:FILE`, which need no credentials.
 */
export function chosenModel(env: Environment, dotenvText?: string): string | undefined {
  return (
    value(env, 'MCP_DBG_MODEL') ?? (dotenvText === undefined ? undefined : value(parseEnv(dotenvText), 'MCP_DBG_MODEL'))
  );
}

/** A key wins over a token, as in the SDK. */
function credentials(from: Environment): AnthropicSettings | undefined {
  const apiKey = value(from, 'ANTHROPIC_API_KEY');
  if (apiKey !== undefined) return { apiKey };
  const authToken = value(from, 'ANTHROPIC_AUTH_TOKEN');
  return authToken === undefined ? undefined : { authToken };
}

function value(from: Environment, name: string): string | undefined {
  return from[name]?.trim() || undefined;
}
