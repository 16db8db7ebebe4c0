import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { AuthorizationServer } from './authorization-server.ts';
import { type LoopbackServer, type SeenRequest, json, loopbackServer } from './loopback-server.ts';

/** What may be wrong with a protected server, or different. */
export interface ProtectedServerOptions {
  /** Who gives out tokens for it, in this order. */
  readonly issuers: () => readonly AuthorizationServer[];
  /** Changes its resource metadata (RFC 9728); null for none. */
  readonly resource?: (metadata: Readonly<Record<string, unknown>>) => unknown;
  /** Answers in its place; undefined for what it would do by itself. */
  readonly instead?: (request: SeenRequest) => Response | undefined;
}

/** An MCP server of both eras at `url`, whose every request needs a token; the tool `write` needs more than the rest. */
export interface ProtectedServer extends LoopbackServer {
  readonly url: string;
}

const READ = 'notes:read';
const WRITE = 'notes:write';

/** Serves on a free port. */
export async function protectedServer({
  issuers,
  resource,
  instead,
}: ProtectedServerOptions): Promise<ProtectedServer> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'protected', version: '1.0.0' });
    const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
    server.registerTool('read', { description: 'Reads.', annotations: { readOnlyHint: true } }, () => text('read'));
    server.registerTool(
      'write',
      { description: 'Writes.', inputSchema: z.object({}), annotations: { readOnlyHint: true } },
      () => text('written'),
    );
    return server;
  });
  const origin = (request: SeenRequest): string => request.url.origin;
  const refusal = (request: SeenRequest, status: 401 | 403, scope: string): Response => {
    const error = status === 403 ? ', error="insufficient_scope"' : '';
    const where = `${origin(request)}/.well-known/oauth-protected-resource/mcp`;
    const challenge = `Bearer scope="${scope}", resource_metadata="${where}"${error}`;
    return new Response('{}', { status, headers: { 'www-authenticate': challenge } });
  };
  const server = await loopbackServer(async (request) => {
    const replaced = instead?.(request);
    if (replaced !== undefined) return replaced;
    if (request.url.pathname === '/.well-known/oauth-protected-resource/mcp') {
      const metadata = {
        resource: `${origin(request)}/mcp`,
        authorization_servers: issuers().map(({ issuer }) => issuer),
        scopes_supported: [READ, WRITE],
      };
      const changed = resource === undefined ? metadata : resource(metadata);
      return changed === null ? json({}, 404) : json(changed);
    }
    if (request.url.pathname !== '/mcp') return json({}, 404);
    const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.get('authorization') ?? '') ?? [];
    const granted = issuers()
      .map((issuer) => issuer.granted(token))
      .find((each) => each !== undefined);
    if (granted?.resource !== `${origin(request)}/mcp`) return refusal(request, 401, READ);
    const needed = request.body.includes('"name":"write"') ? WRITE : READ;
    if (!granted.scope.split(' ').includes(needed)) return refusal(request, 403, needed);
    const { method, url, headers, body } = request;
    return await handler.fetch(new Request(url, { method, headers, ...(body !== '' && { body }) }));
  });
  return {
    ...server,
    url: `${server.origin}/mcp`,
    [Symbol.asyncDispose]: async () => {
      await handler.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
