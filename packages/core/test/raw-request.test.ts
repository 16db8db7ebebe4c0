import { describe, expect, test } from 'vitest';

import { CoreError } from '../src/index.ts';
import type { Link, Sent } from '../src/link.ts';
import { rawRequest } from '../src/raw-request.ts';
import { SdkTransport } from '../src/sdk-transport.ts';

/** A link whose server is alive; `send` takes what goes out. */
function linkTo(send: (message: object) => Sent): Link {
  return {
    pid: 1,
    ended: new Promise(() => {}),
    end: undefined,
    hasStreams: false,
    onMessage: () => () => {},
    send,
    forget: () => {},
    agreed: () => {},
    stop: () => new Promise(() => {}),
  };
}

const ask = { id: 'raw-1', method: 'ping', params: undefined, timeoutMs: 10_000, signal: undefined };

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

  test('is cancelled when nobody waits for it any more', async () => {
    const sent: object[] = [];
    const link = linkTo((message) => ({ n: sent.push(message), taken: Promise.resolve() }));
    const given = rawRequest(link, new SdkTransport(link, { onTold: () => {} }), { ...ask, timeoutMs: 1 });
    await expect(given).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(sent).toMatchObject([
      { method: 'ping' },
      { method: 'notifications/cancelled', params: { requestId: 'raw-1' } },
    ]);
  });
});
