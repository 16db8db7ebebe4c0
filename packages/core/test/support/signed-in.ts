import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type ProtectedServer,
  type ProtectedServerOptions,
  authorizationServer,
  protectedServer,
} from '@mcp-dbg/testkit';

import { Access, type AccessOptions, type Person, memoryStore } from '../../src/oauth/index.ts';

/** A protected server with its authorization server. Disposing ends both. */
export interface World extends AsyncDisposable {
  readonly issuer: AuthorizationServer;
  readonly server: ProtectedServer;
}

/** Starts both, with what is wrong with them. */
export async function world(
  issuerOptions: AuthorizationServerOptions = {},
  serverOptions: Partial<ProtectedServerOptions> = {},
): Promise<World> {
  const issuer = await authorizationServer(issuerOptions);
  const server = await protectedServer({ issuers: () => [issuer], ...serverOptions });
  return {
    issuer,
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

/** A person who says yes to every page, and the pages that were seen. */
export function yes(): Person & { readonly pages: readonly URL[] } {
  const pages: URL[] = [];
  return {
    pages,
    receive: async () => ({
      redirectUrl: 'http://127.0.0.1:1/callback',
      authorize: async (page) => {
        pages.push(page);
        const answer = await fetch(page, { redirect: 'manual' });
        return new URL(answer.headers.get('location') ?? 'about:blank');
      },
      [Symbol.asyncDispose]: async () => {},
    }),
  };
}

/** The right to speak to a server, as a person with an empty store unless said otherwise. */
export function accessTo({ server }: Pick<World, 'server'>, options: Partial<AccessOptions> = {}): Access {
  return new Access({ server: server.url, store: memoryStore(), grant: { kind: 'person', person: yes() }, ...options });
}

/** What the server's tool says to a client of the SDK that speaks through the access; a new connection for each call. */
export async function said(access: Access, { server }: Pick<World, 'server'>, tool: string): Promise<string> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { fetch: access.fetch(fetch) }));
  try {
    const { content } = await client.callTool({ name: tool, arguments: {} });
    return content[0]?.type === 'text' ? content[0].text : '';
  } finally {
    await client.close();
  }
}

/** The requests to a path of an authorization server, as their parameters. */
export function asked({ issuer }: Pick<World, 'issuer'>, path: string): readonly URLSearchParams[] {
  return issuer.requests
    .filter(({ url }) => url.pathname === `/as/${path}`)
    .map(({ url, body }) => new URLSearchParams(url.search === '' ? body : url.search));
}
