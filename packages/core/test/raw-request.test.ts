import { describe, expect, test } from 'vitest';

import { CoreError } from '../src/index.ts';
import type { Link, Sent } from '../src/link.ts';
import { rawRequest } from '../src/raw-request.ts';
import { SdkTransport } from '../src/sdk-transport.ts';

/** A link whose server is alive; `send` takes what goes out. */
function linkTo(send: (message: object) => Sent, hasStreams = false): Link {
  return {
    pid: 1,
    ended: new Promise(() => {}),
    end: undefined,
    hasStreams,
    onMessage: () => () => {},
    send,
    forget: () => {},
    agreed: () => {},
    stop: () => new Promise(() => {}),
  };
}

const ask = {
  era: 'legacy' as const,
  id: 'raw-1',
  method: 'ping',
  params: undefined,
  timeoutMs: 10_000,
  signal: undefined,
};

describe('a request past the SDK', () => {
  test('says what the link says where the server takes nothing any more', async () => {
    const gone = new CoreError('CONNECTION_LOST', 'The server "far" is no longer there');
    const link = linkTo(() => {
      throw gone;
    });
    await expect(rawRequest(link, new SdkTransport(link, { onTold: () => {} }), ask)).rejects.toBe(gone);
  });

  test('is not sent for somebody who has given up', async () => {
    const sent: object[] = [];
    const link = linkTo((message) => ({ n: sent.push(message), taken: Promise.resolve() }));
    const given = rawRequest(link, new SdkTransport(link, { onTold: () => {} }), {
      ...ask,
      signal: AbortSignal.abort(),
    });
    await expect(given).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(sent).toEqual([]);
  });

  test.each([
    ['legacy', false, true],
    ['legacy', true, true],
    ['modern', false, true],
    ['modern', true, false],
  ] as const)(
    'that nobody waits for is cancelled as era %s has it, streams %j: %j',
    async (era, hasStreams, isTold) => {
      const sent: object[] = [];
      const link = linkTo((message) => ({ n: sent.push(message), taken: Promise.resolve() }), hasStreams);
      const transport = new SdkTransport(link, { onTold: () => {} });
      await expect(rawRequest(link, transport, { ...ask, era, timeoutMs: 1 })).rejects.toMatchObject({
        code: 'TIMEOUT',
      });
      const cancelled = { method: 'notifications/cancelled', params: { requestId: 'raw-1' } };
      expect(sent).toMatchObject([{ method: 'ping' }, ...(isTold ? [cancelled] : [])]);
    },
  );
});
