import { authorizationServer, loopbackServer, protectedServer } from '@mcp-dbg/testkit';
import { expect, it } from 'vitest';

import { memoryStore } from '../../src/oauth/index.ts';
import { accessTo, asked, said, world, yes } from '../support/signed-in.ts';

it('signs in where a server wants a token, and asks for what the server named', async () => {
  await using both = await world();
  const person = yes();
  expect(await said(accessTo(both, { grant: { kind: 'person', person } }), both, 'read')).toBe('read');
  expect(person.pages).toHaveLength(1);
  const page = person.pages[0]?.searchParams;
  expect(page?.get('scope')).toBe('notes:read');
  expect(page?.get('resource')).toBe(both.server.url);
  expect(page?.get('code_challenge_method')).toBe('S256');
});

it('renews a token that is over without a person', async () => {
  await using both = await world();
  const store = memoryStore();
  await said(accessTo(both, { store }), both, 'read');
  both.issuer.expire();
  expect(await said(accessTo(both, { store, grant: { kind: 'person' } }), both, 'read')).toBe('read');
});

it('renews a token before it is over, so that no request is refused', async () => {
  await using both = await world({ life: 60 });
  const store = memoryStore();
  await said(accessTo(both, { store }), both, 'read');
  const later = accessTo(both, { store, grant: { kind: 'person' }, clock: () => Date.now() + 55_000 });
  const before = both.server.requests.length;
  expect(await said(later, both, 'read')).toBe('read');
  expect(both.server.requests.slice(before).filter(({ url }) => url.pathname !== '/mcp')).toHaveLength(1);
  expect(asked(both, 'token').map((each) => each.get('grant_type'))).toEqual(['authorization_code', 'refresh_token']);
});

it('never uses a refresh token twice, however many want a new token at once', async () => {
  await using both = await world();
  const store = memoryStore();
  await said(accessTo(both, { store }), both, 'read');
  both.issuer.expire();
  const many = Array.from({ length: 4 }, () => accessTo(both, { store, grant: { kind: 'person' } }));
  const answers = await Promise.all(many.flatMap((each) => [said(each, both, 'read'), said(each, both, 'read')]));
  expect(new Set(answers)).toEqual(new Set(['read']));
  expect(both.issuer.reused).toEqual([]);
  expect(asked(both, 'token')).toHaveLength(2);
});

it('lets a person sign in once for many requests that are refused at once', async () => {
  await using both = await world();
  const person = yes();
  const access = accessTo(both, { grant: { kind: 'person', person } });
  await Promise.all([said(access, both, 'read'), said(access, both, 'read'), said(access, both, 'read')]);
  expect(person.pages).toHaveLength(1);
});

it('asks for more where a tool needs more, and loses nothing that was granted', async () => {
  await using both = await world();
  const person = yes();
  const access = accessTo(both, { grant: { kind: 'person', person } });
  expect(await said(access, both, 'write')).toBe('written');
  expect(person.pages.map((page) => page.searchParams.get('scope'))).toEqual(['notes:read', 'notes:read notes:write']);
});

it('says that a person is needed where there is none, and for what', async () => {
  await using both = await world();
  const store = memoryStore();
  const alone = accessTo(both, { store, grant: { kind: 'person' } });
  await expect(alone.fetch(fetch)(both.server.url)).rejects.toMatchObject({ code: 'SIGN_IN_NEEDED' });
  await said(accessTo(both, { store }), both, 'read');
  await expect(said(accessTo(both, { store, grant: { kind: 'person' } }), both, 'write')).rejects.toThrow(
    'notes:write',
  );
});

it('starts anew with a new authorization server, which sees nothing of the old one', async () => {
  await using old = await world();
  await using issuer = await authorizationServer();
  const store = memoryStore();
  const issuers = [old.issuer];
  await using server = await protectedServer({ issuers: () => issuers });
  const both = { issuer, server };
  await said(accessTo(both, { store }), both, 'read');
  const secrets = asked(old, 'token').flatMap((each) => [...each.values()]);
  issuers[0] = issuer;
  old.issuer.expire();
  await expect(said(accessTo(both, { store, grant: { kind: 'person' } }), both, 'read')).rejects.toThrow('sign in');
  expect(issuer.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  expect(await said(accessTo(both, { store }), both, 'read')).toBe('read');
  const seen = JSON.stringify(issuer.requests.map(({ url, body }) => [url, body]));
  for (const secret of secrets.filter((each) => each.length > 20 && !each.includes('/')))
    expect(seen).not.toContain(secret);
});

it('gives the token to its own server alone', async () => {
  await using both = await world();
  await using other = await loopbackServer(async () => new Response('{}'));
  const access = accessTo(both);
  await said(access, both, 'read');
  await access.fetch(fetch)(other.origin);
  expect(other.requests[0]?.headers.has('authorization')).toBe(false);
});

it('signs in by itself where the client has a secret, again when its token is over', async () => {
  await using both = await world({ client: { id: 'robot', secret: 'of the robot' } });
  const store = memoryStore();
  const own = { given: { id: 'robot', secret: 'of the robot' } };
  await accessTo(both, { store, own, grant: { kind: 'client-credentials' }, scope: 'notes:read' }).signIn();
  both.issuer.expire();
  expect(await said(accessTo(both, { store, grant: { kind: 'person' } }), both, 'read')).toBe('read');
  expect(asked(both, 'token').map((each) => each.get('grant_type'))).toEqual([
    'client_credentials',
    'client_credentials',
  ]);
});

it('deals with the authorization server that was named, and with no other', async () => {
  await using both = await world();
  const access = accessTo(both, { issuer: 'https://elsewhere.example' });
  await expect(access.signIn()).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect(asked(both, 'register')).toEqual([]);
});

it('signs out: the tokens count no more, and nothing is kept', async () => {
  await using both = await world();
  const store = memoryStore();
  const access = accessTo(both, { store });
  const { accessToken } = await access.signIn();
  expect(both.issuer.granted(accessToken)).toBeDefined();
  expect(await access.signOut()).toEqual([{ issuer: both.issuer.issuer, revoked: true }]);
  expect(both.issuer.granted(accessToken)).toBeUndefined();
  expect(await store.read(both.server.url)).toEqual([]);
});

it('asks the server itself where nothing names an authorization server, as 2025-03-26 has it', async () => {
  await using both = await world({}, { resource: () => null });
  await expect(accessTo(both).signIn()).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect(both.server.requests.map(({ url }) => url.pathname)).toContain('/register');
});
