import { createHash, randomBytes } from 'node:crypto';

import { type LoopbackServer, type SeenRequest, json, loopbackServer } from './loopback-server.ts';

/** What may be wrong with an authorization server, or different. */
export interface AuthorizationServerOptions {
  /** Changes its metadata (RFC 8414). */
  readonly metadata?: (metadata: Readonly<Record<string, unknown>>) => unknown;
  /** Answers in its place; undefined for what it would do by itself. */
  readonly instead?: (request: SeenRequest) => Response | Promise<Response> | undefined;
  /** Changes the URL that a browser is sent back to. */
  readonly callback?: (url: URL) => URL;
  /** A client that is registered already, with its secret. */
  readonly client?: { readonly id: string; readonly secret?: string; readonly redirectUrl?: string };
  /** Seconds that an access token lives. */
  readonly life?: number;
}

/** What an access token stands for. */
export interface Granted {
  readonly clientId: string;
  readonly scope: string;
  readonly resource: string | null;
}

/** A small real authorization server: registration, codes with PKCE, refresh tokens that count once, and revocation. */
export interface AuthorizationServer extends LoopbackServer {
  readonly issuer: string;
  /** What a token stands for; undefined for none that counts. */
  granted(token: string): Granted | undefined;
  /** Lets no access token count any more; refresh tokens do. */
  expire(): void;
  /** Refresh tokens that were used a second time: as a thief would, or a client that lost track. */
  readonly reused: readonly string[];
}

interface Client {
  readonly secret: string | undefined;
  readonly redirectUrls: readonly string[];
}

/** Serves on a free port, under the path `/as`, so that nobody gets away with dropping an issuer's path. */
export async function authorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  const state = new Grants(options);
  const server = await loopbackServer(async (request) => (await options.instead?.(request)) ?? state.answer(request));
  state.issuer = `${server.origin}/as`;
  return {
    ...server,
    issuer: state.issuer,
    granted: (token) => state.access.get(token),
    expire: () => state.access.clear(),
    reused: state.reused,
  };
}

class Grants {
  issuer = '';
  readonly access = new Map<string, Granted>();
  readonly reused: string[] = [];
  readonly #options: AuthorizationServerOptions;
  readonly #clients = new Map<string, Client>();
  readonly #codes = new Map<string, Granted & { readonly challenge: string; readonly redirectUrl: string }>();
  readonly #refresh = new Map<string, Granted & { readonly used?: boolean }>();

  constructor(options: AuthorizationServerOptions) {
    this.#options = options;
    const { client } = options;
    if (client !== undefined)
      this.#clients.set(client.id, {
        secret: client.secret,
        redirectUrls: client.redirectUrl === undefined ? [] : [client.redirectUrl],
      });
  }

  answer(request: SeenRequest): Response {
    const { pathname } = request.url;
    if (pathname === '/.well-known/oauth-authorization-server/as') return json(this.#metadata());
    if (pathname === '/as/register') return this.#register(request);
    if (pathname === '/as/authorize') return this.#authorize(request.url.searchParams);
    if (pathname === '/as/token') return this.#token(request);
    if (pathname === '/as/revoke') return this.#revoke(new URLSearchParams(request.body));
    return json({ error: 'not found' }, 404);
  }

  #metadata(): unknown {
    const metadata = {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      registration_endpoint: `${this.issuer}/register`,
      revocation_endpoint: `${this.issuer}/revoke`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
      authorization_response_iss_parameter_supported: true,
    };
    return this.#options.metadata?.(metadata) ?? metadata;
  }

  #register({ body }: SeenRequest): Response {
    const asked = JSON.parse(body) as { readonly redirect_uris: readonly string[] };
    const id = `client-${this.#clients.size + 1}`;
    this.#clients.set(id, { secret: undefined, redirectUrls: asked.redirect_uris });
    return json({ ...asked, client_id: id }, 201);
  }

  /** Stands for the page where a person says yes. */
  #authorize(asked: URLSearchParams): Response {
    const clientId = asked.get('client_id') ?? '';
    const redirectUrl = asked.get('redirect_uri') ?? '';
    const client = this.#clients.get(clientId);
    if (client === undefined || !client.redirectUrls.includes(redirectUrl))
      return json({ error: 'no such client' }, 400);
    const code = random();
    this.#codes.set(code, {
      clientId,
      redirectUrl,
      challenge: asked.get('code_challenge') ?? '',
      scope: asked.get('scope') ?? '',
      resource: asked.get('resource'),
    });
    const url = new URL(redirectUrl);
    for (const [name, value] of Object.entries({ code, state: asked.get('state') ?? '', iss: this.issuer }))
      url.searchParams.set(name, value);
    return new Response(null, { status: 302, headers: { location: (this.#options.callback?.(url) ?? url).href } });
  }

  #token({ headers, body }: SeenRequest): Response {
    const asked = new URLSearchParams(body);
    const [, basic = ''] = /^Basic (.*)$/.exec(headers.get('authorization') ?? '') ?? [];
    const [id = asked.get('client_id') ?? '', secret = asked.get('client_secret') ?? undefined] =
      basic === '' ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':');
    const client = this.#clients.get(id);
    if (client === undefined || client.secret !== secret) return json({ error: 'invalid_client' }, 401);
    const grant = this.#redeemed(asked, id);
    if (grant === undefined) return json({ error: 'invalid_grant', error_description: 'It counts no more' }, 400);
    const given = { clientId: id, scope: grant.scope, resource: grant.resource };
    const [access, refresh] = [random(), random()];
    this.access.set(access, given);
    const isMachine = asked.get('grant_type') === 'client_credentials';
    if (!isMachine) this.#refresh.set(refresh, given);
    const { life = 3600 } = this.#options;
    return json({
      access_token: access,
      token_type: 'Bearer',
      expires_in: life,
      scope: grant.scope,
      ...(!isMachine && { refresh_token: refresh }),
    });
  }

  #redeemed(asked: URLSearchParams, clientId: string): Granted | undefined {
    switch (asked.get('grant_type')) {
      case 'client_credentials':
        return { clientId, scope: asked.get('scope') ?? '', resource: asked.get('resource') };
      case 'refresh_token': {
        const token = asked.get('refresh_token') ?? '';
        const kept = this.#refresh.get(token);
        if (kept?.used === true) this.reused.push(token);
        if (kept === undefined || kept.used === true || kept.clientId !== clientId) return undefined;
        this.#refresh.set(token, { ...kept, used: true });
        return kept;
      }
      default: {
        const kept = this.#codes.get(asked.get('code') ?? '');
        this.#codes.delete(asked.get('code') ?? '');
        const proof = createHash('sha256')
          .update(asked.get('code_verifier') ?? '')
          .digest('base64url');
        const fits =
          kept?.clientId === clientId && kept.challenge === proof && kept.redirectUrl === asked.get('redirect_uri');
        return fits ? kept : undefined;
      }
    }
  }

  #revoke(asked: URLSearchParams): Response {
    const token = asked.get('token') ?? '';
    this.access.clear();
    this.#refresh.delete(token);
    return new Response(null, { status: 200 });
  }
}

function random(): string {
  return randomBytes(16).toString('hex');
}
