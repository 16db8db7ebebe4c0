import type { ConfigEntry, ConfigSource, HeaderFrom } from './config-entry.ts';
import { membersOf } from './members.ts';

/** Characters of a server's name at most: what is longer nobody types. */
const MAX_NAME = 200;

/** Reads one server as a file has it; what cannot be used says why. Never throws. */
export function readEntry(name: string, value: unknown, source: ConfigSource): ConfigEntry {
  const members = membersOf(value);
  const isOff = members?.get('disabled') === true || members?.get('enabled') === false;
  const named = { name, source, isOff };
  try {
    checkName(name);
    if (members === undefined) throw new Wrong('it is not an object');
    return isHttp(members) ? { ...named, ...readHttp(members) } : { ...named, ...readStdio(members) };
  } catch (error) {
    if (error instanceof Wrong) return { ...named, kind: 'unusable', why: error.message };
    throw error;
  }
}

type Members = ReadonlyMap<string, unknown>;
type Own<Kind extends ConfigEntry['kind']> = Omit<Extract<ConfigEntry, { kind: Kind }>, 'name' | 'source' | 'isOff'>;

/** Why an entry cannot be used, in words that follow its name. */
class Wrong extends Error {}

function checkName(name: string): void {
  if (name === '') throw new Wrong('its name is empty');
  if (name.length > MAX_NAME) throw new Wrong(`its name has more than ${MAX_NAME} characters`);
  if (/\p{Cc}/u.test(name)) throw new Wrong('its name has control characters');
}

const STDIO_TYPES = new Set(['stdio', 'local']);
const HTTP_TYPES = new Set(['http', 'streamable-http', 'streamableHttp', 'streamable_http', 'sse', 'remote']);
/** What hosts call the URL; each has one of these. */
const URL_KEYS = ['url', 'serverUrl', 'httpUrl'];

function isHttp(members: Members): boolean {
  const type = typeAt(members);
  const hasUrl = URL_KEYS.some((key) => given(members, key));
  const hasCommand = given(members, 'command');
  if (type !== undefined && HTTP_TYPES.has(type)) return true;
  if (type !== undefined && !STDIO_TYPES.has(type))
    throw new Wrong(`its type ${JSON.stringify(type.slice(0, 40))} is none that can be spoken here (stdio, http)`);
  if (type === undefined && hasUrl && hasCommand)
    throw new Wrong('it has a command and a URL, and no type that says which counts');
  if (!hasUrl && !hasCommand) throw new Wrong('it has neither a command nor a url');
  return type === undefined && hasUrl;
}

function readStdio(members: Members): Own<'stdio'> {
  const command = textAt(members, 'command');
  if (command === undefined || command.trim() === '') throw new Wrong('it has no command');
  const args = listAt(members, 'args').map((word, index) => text(word, `args[${index}]`));
  const envFile = textAt(members, 'envFile');
  const cwd = textAt(members, 'cwd');
  return {
    kind: 'stdio',
    argv: [command, ...args],
    env: new Map(Array.from(tableAt(members, 'env'), ([key, value]) => [variable(key), variableValue(value, key)])),
    passedOn: listAt(members, 'env_vars').map(passedOn),
    ...(envFile !== undefined && { envFile }),
    ...(cwd !== undefined && { cwd }),
  };
}

function readHttp(members: Members): Own<'http'> {
  const key = URL_KEYS.find((each) => given(members, each));
  const url = key === undefined ? undefined : textAt(members, key);
  if (url === undefined) throw new Wrong('it has no url');
  if (!/^https?:\/\/|\$/i.test(url)) throw new Wrong('its url is not http or https');
  const headers = new Map<string, string>();
  for (const table of ['headers', 'http_headers'])
    for (const [name, value] of tableAt(members, table)) headers.set(header(name), text(value, `${table}.${name}`));
  const headersFrom = new Map<string, HeaderFrom>();
  for (const [name, value] of tableAt(members, 'env_http_headers'))
    headersFrom.set(header(name), {
      prefix: '',
      variable: text(value, `env_http_headers.${name}`),
      isNeeded: false,
    });
  const bearer = textAt(members, 'bearer_token_env_var');
  if (bearer !== undefined) headersFrom.set('Authorization', { prefix: 'Bearer ', variable: bearer, isNeeded: true });
  return { kind: 'http', url, isSse: typeAt(members) === 'sse', headers, headersFrom };
}

function typeAt(members: Members): string | undefined {
  return textAt(members, 'type') ?? textAt(members, 'transport');
}

function given(members: Members, key: string): boolean {
  const value = members.get(key);
  return value !== undefined && value !== null;
}

function textAt(members: Members, key: string): string | undefined {
  return given(members, key) ? text(members.get(key), key) : undefined;
}

function listAt(members: Members, key: string): readonly unknown[] {
  if (!given(members, key)) return [];
  const value = members.get(key);
  if (!Array.isArray(value)) throw new Wrong(`its ${key} is not a list`);
  return value;
}

function tableAt(members: Members, key: string): ReadonlyMap<string, unknown> {
  if (!given(members, key)) return new Map();
  const table = membersOf(members.get(key));
  if (table === undefined) throw new Wrong(`its ${key} is not an object`);
  return table;
}

/** A text without NUL, which no argument, variable or path can hold. */
function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new Wrong(`its ${at} is not a text`);
  if (value.includes('\0')) throw new Wrong(`its ${at} has a NUL character`);
  return value;
}

/** Hosts take numbers and truth values for a variable too; null takes it away. */
function variableValue(value: unknown, name: string): string | null {
  if (value === null) return null;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : text(value, `env.${name}`);
}

function variable(name: string): string {
  if (!/^[^=\0]+$/.test(name))
    throw new Wrong(`its env has the name ${JSON.stringify(name)}, which no variable can have`);
  return name;
}

/** The name of a variable, alone or in a table with its source. */
function passedOn(value: unknown, index: number): string {
  return variable(text(membersOf(value)?.get('name') ?? value, `env_vars[${index}]`));
}

/** A header's name (RFC 9110, 5.6.2: a token). */
function header(name: string): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
    throw new Wrong(`its headers have the name ${JSON.stringify(name.slice(0, 40))}, which no header can have`);
  return name;
}
