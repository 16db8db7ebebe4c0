import { shownUrl } from '@mcp-dbg/core';
import type { SavedClient, SavedSignIn, SavedTokens } from '@mcp-dbg/core/oauth';

/** What is kept of one server, by its URL as it may be shown. */
export interface SignInsFile {
  readonly server: string;
  readonly signIns: readonly SavedSignIn[];
}

/** The sign-ins at one server, as their file holds them: what a person may want to know comes first, secrets last. */
export function signInsText(server: string, all: readonly SavedSignIn[]): string {
  const signIns = all.map(({ issuer, grant, client, tokens }) => ({
    issuer,
    grant,
    scope: tokens?.scope,
    expires: tokens?.expiresAt === undefined ? undefined : new Date(tokens.expiresAt).toISOString(),
    client: client.id,
    redirectUrl: client.redirectUrl,
    authMethod: client.authMethod,
    secret: { client: client.secret, key: client.key, access: tokens?.accessToken, refresh: tokens?.refreshToken },
  }));
  return `${JSON.stringify({ format: FORMAT, server: shownUrl(server), signIns }, undefined, 2)}\n`;
}

/** Reads such a file; undefined for anything else. */
export function readSignIns(text: string): SignInsFile | undefined {
  const file = record(parsed(text));
  const { format, server, signIns } = file;
  if (format !== FORMAT || typeof server !== 'string' || !Array.isArray(signIns)) return undefined;
  const all = signIns.map((each: unknown) => signInOf(record(each)));
  return all.includes(undefined) ? undefined : { server, signIns: all.filter((each) => each !== undefined) };
}

/** Changes when older programs could not read it any more. */
const FORMAT = 'mcp-dbg sign-ins 1';

type Fields = Readonly<Record<string, unknown>>;

function signInOf(fields: Fields): SavedSignIn | undefined {
  const { issuer, grant, client: id } = fields;
  if (typeof issuer !== 'string' || typeof id !== 'string') return undefined;
  if (grant !== 'person' && grant !== 'client-credentials' && grant !== 'jwt-bearer') return undefined;
  const secret = record(fields['secret']);
  const tokens = tokensOf(fields, secret);
  return { issuer, grant, client: clientOf(id, fields, secret), ...(tokens && { tokens }) };
}

function clientOf(id: string, { redirectUrl, authMethod }: Fields, secret: Fields): SavedClient {
  const { pem, algorithm } = record(secret['key']);
  return {
    id,
    ...(typeof secret['client'] === 'string' && { secret: secret['client'] }),
    ...(typeof pem === 'string' && typeof algorithm === 'string' && { key: { pem, algorithm } }),
    ...(typeof redirectUrl === 'string' && { redirectUrl }),
    ...(typeof authMethod === 'string' && { authMethod }),
  };
}

function tokensOf({ scope, expires }: Fields, { access, refresh }: Fields): SavedTokens | undefined {
  if (typeof access !== 'string') return undefined;
  const expiresAt = typeof expires === 'string' ? Date.parse(expires) : NaN;
  return {
    accessToken: access,
    ...(typeof refresh === 'string' && { refreshToken: refresh }),
    ...(typeof scope === 'string' && { scope }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
