import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';

import { type HttpServer, shownUrl } from '@mcp-dbg/core';
import { Access, type Person, type SavedClient } from '@mcp-dbg/core/oauth';

import { CliError, EXIT } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { readSmallFile } from '../private-file.ts';
import { safeJson, visible } from '../render/visible.ts';
import { serversOf } from '../server-options.ts';
import { signInFolder } from '../sign-in/sign-in-folder.ts';
import { signInJson, signInText } from '../sign-in/sign-in-text.ts';
import { SignInStore } from '../sign-in/sign-in-store.ts';
import { terminalPerson } from '../sign-in/terminal-person.ts';
import { promptTerminal } from '../sign-in/prompt-terminal.ts';

/** The options of `sign-in`, as commander gives them. */
export interface SignInOptions {
  readonly json?: boolean;
  readonly scope?: string;
  readonly issuer?: string;
  readonly callbackPort?: number;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly clientKeyFile?: string;
  readonly clientCredentials?: boolean;
}

/** Bytes of a file with a secret or a key at most. */
const MAX_SECRET = 16_384;
/** Where a secret may come from beside a file; never from the command line, which everybody on the machine can read. */
const SECRET_VARIABLE = 'MCP_DBG_CLIENT_SECRET';

/** Signs in to a server behind a URL, and keeps what that gives. Gives the exit code. */
export async function signIn(io: Io, target: string, options: SignInOptions): Promise<number> {
  const { url } = await remoteServer(target, io);
  const shown = shownUrl(url);
  const store = new SignInStore(signInFolder(io));
  const byItself = options.clientCredentials === true;
  const given = clientOf(options, io);
  const access = new Access({
    server: url,
    store,
    grant: { kind: byItself ? 'client-credentials' : 'person' },
    ...(given && { own: { given } }),
    ...(options.scope !== undefined && { scope: options.scope }),
    ...(options.issuer !== undefined && { issuer: options.issuer }),
  });
  const person = byItself ? undefined : personOf(io, options);
  await untilInterrupted(io, async (signal) => await access.signIn({ signal, ...(person && { person }) }));
  const [kept] = await store.read(url);
  if (kept === undefined) return EXIT.good;
  io.stdout.write(options.json === true ? `${safeJson(signInJson(shown, kept))}\n` : signInText(shown, kept));
  return EXIT.good;
}

/** Forgets a sign-in, and has the tokens taken back where the authorization server does that. Gives the exit code. */
export async function signOut(io: Io, target: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  const { url } = await remoteServer(target, io);
  const access = new Access({ server: url, store: new SignInStore(signInFolder(io)), grant: { kind: 'person' } });
  const revocations = await untilInterrupted(io, async (signal) => await access.signOut({ signal }));
  if (json) {
    io.stdout.write(`${safeJson(JSON.stringify({ server: shownUrl(url), issuers: revocations }))}\n`);
    return EXIT.good;
  }
  if (revocations.length === 0) io.stderr.write(`Nobody was signed in to ${shownUrl(url)}\n`);
  for (const { issuer, why } of revocations) {
    const how = why === undefined ? 'which took its tokens back' : `which may still take its tokens: ${why}`;
    io.stdout.write(`${visible(`Signed out of ${shownUrl(url)} at ${issuer}, ${how}`)}\n`);
  }
  return EXIT.good;
}

/** Lists what was signed in to. Gives the exit code. */
export async function listSignIns(io: Io, { json = false }: { readonly json?: boolean }): Promise<number> {
  const all = new SignInStore(signInFolder(io)).all();
  if (all.length === 0 && !json) io.stderr.write('Nobody is signed in to any server; mcp-dbg sign-in URL does that\n');
  for (const { server, signIns } of all) {
    for (const each of signIns)
      io.stdout.write(json ? `${safeJson(signInJson(server, each))}\n` : signInText(server, each));
  }
  return EXIT.good;
}

async function remoteServer(target: string, io: Io): Promise<HttpServer> {
  const [server] = await serversOf([target], undefined, {}, io);
  if (server?.url !== undefined) return server;
  throw new CliError('USAGE', `${JSON.stringify(target)} is a program, and only servers behind a URL are signed in to`);
}

function personOf(io: Io, { callbackPort }: SignInOptions): Person {
  const terminal = promptTerminal(io);
  if (terminal !== undefined) return terminalPerson(terminal, io, callbackPort);
  const what = 'Nobody can be asked to sign in here: that takes a terminal and a browser';
  const next = 'sign in where they are, or let the client sign in by itself with --client-credentials';
  throw new CliError('UNAVAILABLE', `${what}; ${next}`, { exit: EXIT.credentials });
}

/** The client that was registered beforehand; undefined where none is named. */
function clientOf(options: SignInOptions, io: Io): SavedClient | undefined {
  const { clientId: id, clientSecretFile, clientKeyFile, issuer, clientCredentials } = options;
  const read = (path: string): string =>
    prefixFailure(`Cannot read ${JSON.stringify(path)}`, () => readSmallFile(resolve(io.cwd, path), MAX_SECRET).trim());
  const secret = clientSecretFile === undefined ? io.env[SECRET_VARIABLE] : read(clientSecretFile);
  const pem = clientKeyFile === undefined ? undefined : read(clientKeyFile);
  const hasProof = secret !== undefined || pem !== undefined;
  if (id === undefined && (clientSecretFile !== undefined || pem !== undefined))
    throw new CliError('USAGE', 'A secret or a key is of a client; name it with --client-id');
  if (clientCredentials === true && (id === undefined || !hasProof))
    throw new CliError(
      'USAGE',
      `--client-credentials takes --client-id, and --client-key-file, --client-secret-file or ${SECRET_VARIABLE}`,
    );
  if (id === undefined) return undefined;
  // A server that lies about its authorization server would get the secret.
  if (hasProof && issuer === undefined)
    throw new CliError(
      'USAGE',
      'Name the authorization server that the client is registered at with --issuer: its secret goes nowhere else',
    );
  if (pem !== undefined) return { id, key: { pem, algorithm: algorithmOf(pem, clientKeyFile ?? '') } };
  return { id, ...(secret !== undefined && { secret }) };
}

/** What a key signs with, by its kind (RFC 7518, 3.1). */
function algorithmOf(pem: string, path: string): string {
  let type: string | undefined;
  try {
    type = createPrivateKey(pem).asymmetricKeyType;
  } catch {
    type = undefined;
  }
  const algorithm = type === undefined ? undefined : ALGORITHMS[type];
  if (algorithm !== undefined) return algorithm;
  throw new CliError(
    'USAGE',
    `${JSON.stringify(path)} holds no private key in PEM that signs with RS256, ES256 or EdDSA`,
  );
}

const ALGORITHMS: Readonly<Record<string, string>> = { rsa: 'RS256', ec: 'ES256', ed25519: 'EdDSA' };

async function untilInterrupted<T>(io: Io, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  using interrupted = interruption(io);
  return await task(interrupted.signal);
}
