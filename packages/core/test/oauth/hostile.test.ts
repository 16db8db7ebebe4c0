import { OAuthError } from '@modelcontextprotocol/client';
import { type AuthorizationServerOptions, type ProtectedServerOptions, loopbackServer } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { CoreError } from '../../src/index.ts';
import { oauthFailure } from '../../src/oauth/oauth-failure.ts';
import { readCallback } from '../../src/oauth/read-callback.ts';
import { safeUrl } from '../../src/oauth/safe-url.ts';
import { accessTo, asked, world, yes } from '../support/signed-in.ts';

interface Fault {
  readonly what: string;
  readonly issuer?: AuthorizationServerOptions;
  readonly server?: Partial<ProtectedServerOptions>;
  readonly code: 'UNSAFE_SIGN_IN' | 'SIGN_IN_FAILED';
  readonly says: RegExp;
  /** Where the browser may have been sent all the same. */
  readonly opens?: true;
}

const metadata = (changes: Readonly<Record<string, unknown>>): AuthorizationServerOptions => ({
  metadata: (own) => ({ ...own, ...changes }),
});
const answer = (changes: Readonly<Record<string, string | null>>): AuthorizationServerOptions => ({
  callback: (url) => {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return url;
  },
});
const token = (body: unknown, init: ResponseInit = {}): AuthorizationServerOptions => ({
  instead: ({ url }) => (url.pathname === '/as/token' ? Response.json(body, init) : undefined),
});

const faults: readonly Fault[] = [
  {
    what: 'metadata of another issuer',
    issuer: metadata({ issuer: 'https://bank.example' }),
    code: 'UNSAFE_SIGN_IN',
    says: /another issuer/,
  },
  {
    what: 'a token endpoint in the clear',
    issuer: metadata({ token_endpoint: 'http://as.example/token' }),
    code: 'UNSAFE_SIGN_IN',
    says: /only https/,
  },
  {
    what: 'a page in the clear',
    issuer: metadata({ authorization_endpoint: 'http://as.example/' }),
    code: 'UNSAFE_SIGN_IN',
    says: /only https/,
  },
  {
    what: 'a page that is a script',
    issuer: metadata({ authorization_endpoint: 'javascript:alert(1)' }),
    code: 'SIGN_IN_FAILED',
    says: /no known shape/,
  },
  {
    what: 'a page with a user name',
    issuer: metadata({ authorization_endpoint: 'https://bank.example@as.example/' }),
    code: 'UNSAFE_SIGN_IN',
    says: /user name/,
  },
  {
    what: 'no protection of codes',
    issuer: metadata({ code_challenge_methods_supported: undefined }),
    code: 'UNSAFE_SIGN_IN',
    says: /S256/,
  },
  {
    what: 'weak protection of codes',
    issuer: metadata({ code_challenge_methods_supported: ['plain'] }),
    code: 'UNSAFE_SIGN_IN',
    says: /S256/,
  },
  {
    what: 'metadata without end',
    issuer: metadata({ padding: 'x'.repeat(2 << 20) }),
    code: 'UNSAFE_SIGN_IN',
    says: /more than 1048576 bytes/,
  },
  {
    what: 'resource metadata of another server',
    server: { resource: (own) => ({ ...own, resource: 'https://bank.example/mcp' }) },
    code: 'UNSAFE_SIGN_IN',
    says: /bank\.example/,
  },
  {
    what: 'an authorization server in the clear',
    server: { resource: (own) => ({ ...own, authorization_servers: ['http://as.example'] }) },
    code: 'UNSAFE_SIGN_IN',
    says: /only https/,
  },
  {
    what: 'resource metadata that are none',
    server: { resource: () => [] },
    code: 'SIGN_IN_FAILED',
    says: /no known shape/,
  },
  {
    what: 'an answer to another question',
    issuer: answer({ state: 'guessed' }),
    code: 'UNSAFE_SIGN_IN',
    says: /state/,
    opens: true,
  },
  {
    what: 'an answer of another issuer',
    issuer: answer({ iss: 'https://bank.example', error: 'call 0800' }),
    code: 'UNSAFE_SIGN_IN',
    says: /^((?!0800).)*$/,
    opens: true,
  },
  {
    what: 'an answer of nobody, where it promised its name',
    issuer: answer({ iss: null }),
    code: 'UNSAFE_SIGN_IN',
    says: /not come from/,
    opens: true,
  },
  {
    what: 'a no',
    issuer: answer({ error: 'access_denied', error_description: 'No\u001b[31m!' }),
    code: 'SIGN_IN_FAILED',
    says: /access_denied, No\\u001b\[31m!/,
    opens: true,
  },
  { what: 'neither yes nor no', issuer: answer({ code: null }), code: 'SIGN_IN_FAILED', says: /neither/, opens: true },
];

it.each(faults)('refuses $what, and no code leaves', async ({ issuer, server, code, says, opens }) => {
  await using both = await world(issuer, server);
  const person = yes();
  const failure: unknown = await accessTo(both, { grant: { kind: 'person', person } })
    .signIn()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CoreError);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(says) });
  expect(asked(both, 'token')).toEqual([]);
  expect(person.pages.length > 0).toBe(opens === true);
});

const tokens: readonly Fault[] = [
  {
    what: 'a token with a line break',
    issuer: token({ access_token: 'a\r\nx-evil: 1', token_type: 'Bearer' }),
    code: 'SIGN_IN_FAILED',
    says: /token is none/,
  },
  {
    what: 'a token of another kind',
    issuer: token({ access_token: 'a', token_type: 'MAC' }),
    code: 'SIGN_IN_FAILED',
    says: /token_type/,
  },
  {
    what: 'an answer without end',
    issuer: token({ padding: 'x'.repeat(2 << 20) }),
    code: 'UNSAFE_SIGN_IN',
    says: /more than/,
  },
  {
    what: 'a page of HTML',
    issuer: { instead: ({ url }) => (url.pathname === '/as/token' ? new Response('<html>') : undefined) },
    code: 'SIGN_IN_FAILED',
    says: /no known shape/,
  },
];

it.each(tokens)('keeps nothing of $what', async ({ issuer, code, says }) => {
  await using both = await world(issuer);
  const access = accessTo(both);
  await expect(access.signIn()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  await expect(accessTo(both, { grant: { kind: 'person' } }).fetch(fetch)(both.server.url)).rejects.toMatchObject({
    code: 'SIGN_IN_NEEDED',
  });
});

it('follows no redirect of the token endpoint to another place', async () => {
  await using thief = await loopbackServer(async () => Response.json({ access_token: 'a', token_type: 'Bearer' }));
  const headers = { location: `${thief.origin}/token` };
  await using both = await world(token({}, { status: 307, headers }));
  await expect(accessTo(both).signIn()).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect(thief.requests).toEqual([]);
});

it('shows no secret that an authorization server sends back in its error', async () => {
  let sent = '';
  await using both = await world({
    instead: ({ url, body }) => {
      if (url.pathname !== '/as/token') return undefined;
      sent = new URLSearchParams(body).get('code') ?? '';
      return Response.json({ error: 'invalid_request', error_description: `What is ${body}?` }, { status: 400 });
    },
  });
  const failure: unknown = await accessTo(both)
    .signIn()
    .catch((error: unknown) => error);
  expect(sent).toHaveLength(32);
  expect(failure).toMatchObject({ code: 'SIGN_IN_FAILED', message: expect.not.stringContaining(sent) });
});

it('shows no secret in the form in which it was sent, either', () => {
  const echoed = new OAuthError('invalid_request', 'What is client_secret=a%2Fb%2Bc%3D?');
  expect(oauthFailure(echoed, 'Cannot sign in', ['a/b+c='])).toMatchObject({
    message: expect.stringContaining('client_secret=…?'),
  });
});

it('does not sign in to a server in the clear', async () => {
  const access = accessTo({ server: { url: 'http://notes.example/mcp' } as never });
  await expect(access.signIn()).rejects.toMatchObject({ code: 'UNSAFE_SIGN_IN' });
});

it('takes no code out of a URL that does not answer what was asked, whatever it holds', () => {
  const names = fc.constantFrom('code', 'state', 'iss', 'error', 'error_description', 'other');
  const values = fc.oneof(fc.constantFrom('S', 'https://as.example', ''), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values)), fc.boolean(), (pairs, namesItself) => {
      const url = new URL('http://127.0.0.1:1/callback');
      for (const [name, value] of pairs) url.searchParams.append(name, value);
      try {
        const { code } = readCallback(url, { state: 'S', issuer: 'https://as.example', namesItself });
        expect(url.searchParams.get('state')).toBe('S');
        expect(url.searchParams.get('iss') ?? 'https://as.example').toBe('https://as.example');
        expect(code).toBe(url.searchParams.get('code'));
      } catch (error) {
        expect(error).toBeInstanceOf(CoreError);
      }
    }),
  );
});

it('calls no URL safe but https, or http on this machine', () => {
  const texts = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.constantFrom(
      'http://127.0.0.1.example/',
      'http://localhost.example',
      'http://[::1]:8/',
      'data:,',
      'file:///etc',
    ),
  );
  fc.assert(
    fc.property(texts, (text) => {
      let url: URL;
      try {
        url = safeUrl(text, 'It');
      } catch (error) {
        expect(error).toMatchObject({ code: 'UNSAFE_SIGN_IN' });
        return;
      }
      expect(url.protocol === 'https:' || /^http:\/\/(127\.|\[::1\]|([^/?#]+\.)?localhost[:/])/.test(url.href)).toBe(
        true,
      );
    }),
  );
});
