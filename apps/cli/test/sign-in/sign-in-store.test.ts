import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SavedSignIn } from '@mcp-dbg/core/oauth';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readSignIns, signInsText } from '../../src/sign-in/sign-in-file.ts';
import { SignInStore } from '../../src/sign-in/sign-in-store.ts';
import { scratch } from '../driver.ts';

const URL_OF_SERVER = 'https://mcp.example.com/mcp?key=of-the-url';
const signedIn: SavedSignIn = {
  issuer: 'https://auth.example.com',
  grant: 'person',
  client: { id: 'client-1', redirectUrl: 'http://127.0.0.1:1/callback' },
  tokens: {
    accessToken: 'the access token',
    refreshToken: 'the refresh token',
    scope: 'a b',
    expiresAt: Date.UTC(2030, 1),
  },
};

let folders = 0;
const folder = (): string => join(scratch, `sign-ins-${++folders}`);

async function kept(store: SignInStore, ...all: readonly SavedSignIn[]): Promise<void> {
  await store.change(URL_OF_SERVER, async ({ write }) => await write(all));
}

test('keeps a sign-in in a file of its own that its owner alone can read, and a person understands', async () => {
  const place = folder();
  const store = new SignInStore(place);
  await kept(store, signedIn);
  expect(await store.read(URL_OF_SERVER)).toEqual([signedIn]);
  const [name = '', ...others] = readdirSync(place);
  expect(others).toEqual([]);
  expect(name).toMatch(/^mcp\.example\.com-[0-9a-f]{16}\.json$/);
  expect(statSync(place).mode & 0o777).toBe(0o700);
  expect(statSync(join(place, name)).mode & 0o777).toBe(0o600);
  const text = readFileSync(join(place, name), 'utf8');
  expect(text).not.toContain('of-the-url');
  expect(JSON.parse(text)).toMatchObject({
    server: 'https://mcp.example.com/mcp',
    signIns: [{ issuer: 'https://auth.example.com', scope: 'a b', expires: '2030-02-01T00:00:00.000Z' }],
  });
});

test('forgets a server without leaving a file', async () => {
  const place = folder();
  const store = new SignInStore(place);
  await kept(store, signedIn);
  await kept(store);
  expect(readdirSync(place)).toEqual([]);
  expect(await store.read(URL_OF_SERVER)).toEqual([]);
});

test('lets one at a time change what is kept, and takes the lock of a dead process away', async () => {
  const place = folder();
  const [one, other] = [new SignInStore(place), new SignInStore(place)];
  await kept(one, signedIn);
  const [name = ''] = readdirSync(place);
  // No process has so high a number.
  writeFileSync(join(place, `${name}.lock`), '999999999 left\n');
  let inside = 0;
  const most = await Promise.all(
    [one, other, one, other].map(
      async (store) =>
        await store.change(URL_OF_SERVER, async () => {
          inside++;
          await new Promise((resolve) => setImmediate(resolve));
          return inside--;
        }),
    ),
  );
  expect(most).toEqual([1, 1, 1, 1]);
  expect(readdirSync(place)).toEqual([name]);
});

test('reads no link, and says what to do about a file that holds something else', async () => {
  const place = folder();
  const store = new SignInStore(place);
  await kept(store, signedIn);
  const [name = ''] = readdirSync(place);
  writeFileSync(join(place, name), '{"format":"mcp-dbg sign-ins 1"');
  await expect(store.read(URL_OF_SERVER)).rejects.toThrow(/holds no sign-ins; remove it/);
  const linked = folder();
  mkdirSync(linked);
  symlinkSync(join(place, name), join(linked, name));
  await expect(new SignInStore(linked).read(URL_OF_SERVER)).rejects.toThrow(/not a regular file/);
});

test('gives back what it wrote, whatever an authorization server chose, and takes any other text for nothing', () => {
  const word = fc.string();
  const time = fc.integer({ min: 0, max: 4e12 });
  const signIns = fc.array(
    fc.record({
      issuer: word,
      grant: fc.constantFrom('person' as const, 'client-credentials' as const, 'jwt-bearer' as const),
      client: fc.record({ id: word, secret: word, redirectUrl: word, authMethod: word }, { requiredKeys: ['id'] }),
      tokens: fc.record(
        { accessToken: word, refreshToken: word, scope: word, expiresAt: time },
        { requiredKeys: ['accessToken'] },
      ),
    }),
  );
  fc.assert(
    fc.property(signIns, (all) => {
      expect(readSignIns(signInsText('https://a.example/', all))?.signIns).toEqual(all);
    }),
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readSignIns(text)).toBeUndefined();
    }),
  );
});
