import { type JsonObject, type Turn, readTurns, writeTurns } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { safeJson } from '../render/visible.ts';

/** The format that is written, and the newest that can be read; docs/saved-session.md has it. */
const VERSION = 1;

/** A server as it stands in the file. */
export interface SavedServer {
  readonly name: string;
  /** The command; secrets in it are masked. */
  readonly argv: readonly [string, ...string[]];
  /** True where a secret was: then it cannot be started from here. */
  readonly masked?: boolean;
  readonly cwd?: string;
  /** Names of the variables it was given. Their values are nowhere. */
  readonly env: readonly string[];
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
  const { name, argv, masked, cwd, env } = value;
  const [command, ...args] = list(argv, `${at}.argv`).map((word, index) => string(word, `${at}.argv[${index}]`));
  if (command === undefined || command === '') throw wrong(`${at}.argv`, 'a command');
  if (masked !== undefined && typeof masked !== 'boolean') throw wrong(`${at}.masked`, 'true or false');
  const label = string(name, `${at}.name`);
  if (label === '') throw wrong(`${at}.name`, 'a name');
  return {
    name: label,
    argv: [command, ...args],
    ...(masked === true && { masked }),
    ...(cwd !== undefined && { cwd: string(cwd, `${at}.cwd`) }),
    env: list(env ?? [], `${at}.env`).map((variable, index) => string(variable, `${at}.env[${index}]`)),
  };
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
