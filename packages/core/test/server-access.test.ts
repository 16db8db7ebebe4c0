import { expect, test } from 'vitest';

import { CoreError } from '../src/index.ts';
import { withSignIn } from '../src/server-access.ts';

const needed = async (): Promise<never> => {
  throw new CoreError('SIGN_IN_NEEDED', 'sign in');
};
const fetch = globalThis.fetch;

test('what needed a sign-in is done once more after it', async () => {
  let times = 0;
  const task = async (): Promise<string> => (times++ === 0 ? await needed() : 'done');
  expect(await withSignIn({ fetch: () => fetch, signIn: async () => {} }, undefined, task)).toBe('done');
});

test('who gives up waits no longer for a sign-in, whoever began it, and is told so', async () => {
  const giving = new AbortController();
  const signIn = async (): Promise<void> => {
    giving.abort();
    await new Promise(() => {});
  };
  const waiting = withSignIn({ fetch: () => fetch, signIn }, giving.signal, needed);
  await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
