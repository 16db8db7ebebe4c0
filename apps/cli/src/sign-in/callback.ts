import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CoreError } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';

/** Milliseconds that a person has to sign in. */
const PATIENCE_MS = 5 * 60_000;
/** Milliseconds that a browser has to send its one request. */
const REQUEST_MS = 10_000;
const PATH = '/callback';

/** A port of this machine that waits for a browser to come back from an authorization server (RFC 8252, 7.3). */
export interface Callback extends AsyncDisposable {
  readonly redirectUrl: string;
  /**
   * Gives the URL that the browser came back to with this `state`; whatever else knocks is sent away. Throws CoreError
   * `SIGN_IN_FAILED` after five minutes, or the signal's reason.
   */
  came(state: string, signal: AbortSignal | undefined): Promise<URL>;
}

/** Opens such a port: the one that is given, else the one of `earlier` where that is free, else any. */
export async function openCallback(port: number | undefined, earlier: string | undefined): Promise<Callback> {
  const wanted = port ?? (earlier === undefined ? 0 : Number(new URL(earlier).port));
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAlive: false });
  server.maxConnections = 8;
  if (!(await listens(server, wanted))) {
    if (port !== undefined)
      throw new CliError('USAGE', `Port ${port} of this machine is taken; name another one with --callback-port`);
    await listens(server, 0);
  }
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUrl: `${origin}${PATH}`,
    came: async (state, signal) => await came(server, origin, state, signal),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listens(server: Server, port: number): Promise<boolean> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  }
}

async function came(server: Server, origin: string, state: string, signal: AbortSignal | undefined): Promise<URL> {
  const time = AbortSignal.timeout(PATIENCE_MS);
  const over = AbortSignal.any([time, ...(signal ? [signal] : [])]);
  return await new Promise((resolve, reject) => {
    const leave = (): void => {
      const late = new CoreError('SIGN_IN_FAILED', `Nobody signed in within ${PATIENCE_MS / 60_000} minutes`);
      reject(time.aborted ? late : (over.reason as Error));
    };
    if (over.aborted) return leave();
    over.addEventListener('abort', leave);
    server.on('request', (request, response) => {
      const url = addressIn(request, origin);
      const isIt = url?.searchParams.get('state') === state;
      response.writeHead(isIt ? 200 : 404, HEADERS);
      response.end(isIt ? ANSWER : 'Nothing is here.\n');
      // What the browser sees is sent before the port is closed.
      if (isIt) response.on('close', () => resolve(url));
    });
  });
}

/**
 * The address of the callback that a request asks for; undefined for any other request. A page that somebody else opened
 * knows neither our port nor the state, but may ask for anything; a name that was bent to us is another host.
 */
function addressIn({ method, url: path = '/', headers }: IncomingMessage, origin: string): URL | undefined {
  if (method !== 'GET' || !URL.canParse(path, origin)) return undefined;
  const url = new URL(path, origin);
  return url.origin === origin && url.host === headers.host && url.pathname === PATH ? url : undefined;
}

/** It is no answer yet: whether the sign-in was good is said in the terminal. Nothing of the request is in it. */
const ANSWER = 'mcp-dbg has the answer, and the terminal shows it. You can close this window.\n';

const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/plain; charset=utf-8',
  'content-security-policy': "default-src 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};
