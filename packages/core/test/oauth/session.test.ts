import { expect, it } from 'vitest';

import { memoryStore } from '../../src/oauth/index.ts';
import { echo, observed, outcomeText, server } from '../support/observed-session.ts';
import { accessTo, world, yes } from '../support/signed-in.ts';

const config = (url: string) => ({ name: 'protected', url, trusted: true }) as const;

it('asks a server once that wants a sign-in which nobody can give; the others never notice', async () => {
  await using both = await world();
  const access = accessTo(both, { grant: { kind: 'person' } });
  await using session = await observed([config(both.server.url), server('echo')], {
    access: async () => ({ fetch: (next) => access.fetch(next) }),
  });
  expect(await echo(session)).toBe('hello');
  expect(session.told('server-start-failed')).toMatchObject([{ server: 'protected', waitMs: null }]);
  expect(both.server.requests).toHaveLength(1);
});

it('lets a person sign in when a server wants it, and sends again what was refused', async () => {
  await using both = await world();
  const access = accessTo(both, { store: memoryStore(), grant: { kind: 'person' } });
  let signIns = 0;
  await using session = await observed([config(both.server.url)], {
    access: async () => ({
      fetch: (next) => access.fetch(next),
      signIn: async (signal) => {
        signIns++;
        await access.signIn({ person: yes(), signal });
      },
    }),
  });
  expect(outcomeText(await session.session.call('write', {}))).toBe('written');
  expect(signIns).toBe(2);
  expect(session.told('finding')).toEqual([]);
});
