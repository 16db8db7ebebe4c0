import { type JsonObject, type Turn, readTurns, shownUrl, writeTurns } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { safeJson } from '../render/visible.ts';

/** The format that is written, and the newest that can be read; docs/saved-session.md has it. */
const VERSION = 1;

/** A server as it stands in the file: a command, or a URL. They are told apart by `url`. */
export type SavedServer = SavedCommand | SavedUrl;

interface SavedName {
  readonly name: string;
  /** True where a secret was: then it cannot be started, or reached, from here. */
  readonly masked?: boolean;
}

/** A server that runs as a process. */
interface SavedCommand extends SavedName {
  /** The command; secrets in it are masked. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Names of the variables it was given. Their values are nowhere. */
  readonly env: readonly string[];
  readonly url?: never;
}

/** A server behind a URL. */
interface SavedUrl extends SavedName {
  /** Without user, password, query and fragment, where secrets stand. */
  readonly url: string;
  /** Names of the headers it was given. Their values are nowhere. */
  readonly headers: readonly string[];
  readonly argv?: never;
}

/** What a file of a session holds. */
export interface SessionContent {
  /** Wall time, ISO 8601. */
  readonly savedAt: string;
  /** The name of the model whose replies these are; null where there was none. */
  readonly model: string | null;
  readonly servers: readonly SavedServer[];
  /** Proves where the servers are from; absent where there was no key. See session-seal.ts. */
  readonly seal?: string;
  readonly turns: readonly Turn[];
}

/** The file's text: one JSON object, a line for each server and turn, nothing in it that could fool a terminal. */
export function sessionText({ savedAt, model, servers, seal, turns }: SessionContent): string {
  const head = { mcpDbgSession: VERSION, savedAt, model, ...(seal !== undefined && { seal }) };
  const lines = (values: readonly unknown[]): string =>
    values.map((value) => `\n${safeJson(JSON.stringify(value))}`).join(',');
  const start = safeJson(JSON.stringify(head)).slice(0, -1);
  return `${start},\n"servers":[${lines(servers)}],\n"turns":[${lines(writeTurns(turns))}]}\n`;
}

/**
 * Reads the text of a file. Keys that it does not know are skipped. Throws CliError (`NOT_A_SESSION`, `NEWER_FORMAT`),
 * or CoreError `BAD_TURNS`.
 */
export function readSessionText(text: string): SessionContent {
  const root = parsed(text);
  const version = root?.['mcpDbgSession'];
  if (root === undefined || typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new CliError('NOT_A_SESSION', 'it is not a saved session; name a file that --save made');
  }
  if (version > VERSION) {
    const why = `it was saved by a newer mcp-dbg (format ${version}, and this one reads ${VERSION}); update mcp-dbg`;
    throw new CliError('NEWER_FORMAT', why);
  }
  const { savedAt, model, servers, seal, turns } = root;
  const read = list(servers, 'servers').map((server, index) => readServer(server, `servers[${index}]`));
  const twice = read.findIndex(({ name }, index) => read.findIndex((other) => other.name === name) !== index);
  if (twice !== -1) throw wrong(`servers[${twice}].name`, 'a name that no other server has');
  return {
    savedAt: string(savedAt, 'savedAt'),
    model: model === null ? null : string(model, 'model'),
    servers: read,
    ...(seal !== undefined && { seal: string(seal, 'seal') }),
    turns: readTurns(turns),
  };
}

function readServer(value: unknown, at: string): SavedServer {
  if (!isObject(value)) throw wrong(at, 'an object');
  const { name, argv, masked, cwd, env, url, headers } = value;
  if (masked !== undefined && typeof masked !== 'boolean') throw wrong(`${at}.masked`, 'true or false');
  const label = string(name, `${at}.name`);
  if (label === '') throw wrong(`${at}.name`, 'a name');
  const named = { name: label, ...(masked === true && { masked }) };
  if (url !== undefined)
    return { ...named, url: plainUrl(url, `${at}.url`), headers: strings(headers, `${at}.headers`) };
  const [command, ...args] = strings(argv, `${at}.argv`);
  if (command === undefined || command === '') throw wrong(`${at}.argv`, 'a command');
  return {
    ...named,
    argv: [command, ...args],
    ...(cwd !== undefined && { cwd: string(cwd, `${at}.cwd`) }),
    env: strings(env ?? [], `${at}.env`),
  };
}

/** A URL that could be shown to anybody; what else one may hold is never saved. */
function plainUrl(value: unknown, at: string): string {
  const text = string(value, at);
  if (!/^https?:/i.test(text) || !URL.canParse(text) || shownUrl(text) !== text)
    throw wrong(at, 'an http or https URL without user, password, query and fragment');
  return text;
}

function strings(value: unknown, at: string): readonly string[] {
  return list(value, at).map((each, index) => string(each, `${at}[${index}]`));
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(at, 'a list');
  return value;
}

/** A text without NUL, which no argument, folder or name of a variable can hold. */
function string(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.includes('\0')) throw wrong(at, 'a text without NUL');
  return value;
}

function wrong(at: string, expected: string): CliError {
  return new CliError('NOT_A_SESSION', `it is wrong at ${at}: expected ${expected}`);
}
