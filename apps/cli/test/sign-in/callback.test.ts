import { request } from 'node:http';

import { expect, test } from 'vitest';

import { openCallback } from '../../src/sign-in/callback.ts';

/** What a browser gets that asks for a path, under a host name that may not be the port's own. */
async function got(
  port: number,
  path: string,
  host?: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return await new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('gives the address with the right state, and sends everybody else away', async () => {
  await using callback = await openCallback(undefined, undefined);
  const { port, pathname, host } = new URL(callback.redirectUrl);
  const came = callback.came('the-state', undefined);
  const good = `${pathname}?state=the-state&code=%3Cb%3E`;
  for (const [path, name] of [
    ['/', host],
    [`${pathname}?state=guessed&code=1`, host],
    [`/other?state=the-state`, host],
    ['//[', host],
    [good, 'thief.example'],
  ] as const) {
    expect(await got(Number(port), path, name)).toEqual({ status: 404, body: 'Nothing is here.\n' });
  }
  const { status, body } = await got(Number(port), good);
  expect(status).toBe(200);
  expect(body).toContain('You can close this window');
  expect(body).not.toMatch(/<|state|code/);
  expect((await came).searchParams.get('code')).toBe('<b>');
});

test('takes the port of before where it is free, any other where it is not, and closes it', async () => {
  let earlier: string;
  {
    await using first = await openCallback(undefined, undefined);
    earlier = first.redirectUrl;
    await using second = await openCallback(undefined, earlier);
    expect(second.redirectUrl).not.toBe(earlier);
    await expect(openCallback(Number(new URL(earlier).port), undefined)).rejects.toThrow('is taken');
  }
  await using again = await openCallback(undefined, earlier);
  expect(again.redirectUrl).toBe(earlier);
});

test('stops waiting when nobody wants the answer any more', async () => {
  await using callback = await openCallback(undefined, undefined);
  const over = new AbortController();
  const came = callback.came('s', over.signal);
  over.abort(new Error('left'));
  await expect(came).rejects.toThrow('left');
});
