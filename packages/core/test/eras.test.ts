import { describe, expect, test } from 'vitest';

import { type EraChoice, type ServerConfig, Session, type SessionOptions } from '../src/index.ts';
import { changing, custom, scratchFile } from './support/custom-server.ts';
import { type Observed, observed, outcomeText, recording, server } from './support/observed-session.ts';

/** Milliseconds of silence that count as an answer to the probe, for the servers here that are silent. */
const PROBE_MS = 400;

/** Never answers the first probe, and answers the second. */
const REFUSES_INITIALIZE = `
  let probes = 0;
  serve({ name: 'refuses', era: 'modern', tools: goodTools,
    intercept: ({ method }) => method === 'server/discover' && ++probes === 1 });`;

/** Reads the probe only when `initialize` is there too, and ends on it. */
const ENDS_ON_LATE_PROBE = `
  let probed = false;
  serve({ name: 'late', era: 'legacy', tools: goodTools, intercept: ({ method }) => {
    if (method === 'server/discover') return (probed = true);
    if (probed) process.exit(1);
  } });`;

/** Answers the probe when `initialize` is there too, and ends on that. */
const ENDS_ON_INITIALIZE = `
  let probe;
  serve({ name: 'late', era: 'legacy', tools: [], intercept: (message, link) => {
    if (message.method === 'server/discover') return (probe = message) !== undefined;
    void link.answer(probe).then(() => process.stdout.write('', () => process.exit(1)));
    return true;
  } });`;

/** Reads the probe only when `initialize` is there too, and takes both. */
const BOTH_LATE = `
  let probe;
  serve({ name: 'both', tools: goodTools, intercept: (message, link) => {
    if (message.method === 'server/discover') return (probe = message) !== undefined;
    if (message.method === 'initialize') void link.answer(probe);
  } });`;

/** Answers a late probe as a modern server does, and `initialize` not at all. */
const MODERN_AND_MUTE = `
  let probe;
  serve({ name: 'mute', era: 'modern', tools: goodTools, intercept: (message, link) => {
    if (message.method === 'server/discover') return (probe = message) !== undefined;
    if (message.method !== 'initialize') return false;
    void link.answer(probe);
    return true;
  } });`;

function answersEverything(body: string): ServerConfig {
  return custom(
    `serve({ name: 'answers', tools: [], intercept: ({ id }, { send }) => { send({ id, ...${body} }); return true; } });`,
  );
}

async function opened(config: ServerConfig, options: Partial<SessionOptions> = {}): Promise<Observed> {
  return await observed([config], options);
}

/** The methods that we sent, in order. */
function sent({ told }: Observed): readonly string[] {
  return told('frame').flatMap(({ frame, reading }) =>
    frame.from === 'client' && reading.kind === 'request' ? [reading.method] : [],
  );
}

async function works({ session }: Observed): Promise<string> {
  return outcomeText(await session.call('echo', { text: 'hello' }));
}

describe('a server that speaks both eras', () => {
  test('is used in the modern one, found by one probe in place', async () => {
    await using it = await opened(server('echo'));
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'modern', protocolVersion: '2026-07-28' }]);
    expect(it.told('server-started')).toHaveLength(1);
    expect(sent(it)).toEqual(['server/discover', 'tools/list', 'tools/call']);
  });

  test('is used in the legacy one when the user says so, without a probe', async () => {
    await using it = await opened(server('echo'), { era: 'legacy' });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'legacy', protocolVersion: '2025-11-25' }]);
    expect(sent(it)).toEqual(['initialize', 'tools/list', 'tools/call']);
  });
});

describe('a legacy server', () => {
  test('that answers the probe with an error is initialized on the same process', async () => {
    await using it = await opened(server('legacy-only'));
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'legacy' }]);
    expect(it.told('server-started')).toHaveLength(1);
    expect(it.told('notice')).toEqual([]);
  });

  test('that is silent on the probe is initialized after the silence, and that is said', async () => {
    await using it = await opened(server('silent-on-probe'), { probeMs: PROBE_MS });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-started')).toHaveLength(1);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      'No answer to server/discover within 0.4 s, so trying the legacy handshake',
    ]);
  });

  test('that ends on the probe is started once more, and that is said', async () => {
    await using it = await opened(server('exits-on-probe'));
    expect(await works(it)).toBe('hello');
    expect(it.told('server-started')).toHaveLength(2);
    expect(it.told('server-ended')).toMatchObject([
      { code: 1, stderr: expect.stringContaining('expected initialize') },
    ]);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      'The server ended on server/discover, so starting it once more with the legacy handshake',
    ]);
  });

  test('that was slow to read the probe and ends on it is started once more too', async () => {
    await using it = await opened(custom(ENDS_ON_LATE_PROBE), { probeMs: PROBE_MS });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-started')).toHaveLength(2);
    expect(it.told('server-ready')).toMatchObject([{ era: 'legacy' }]);
    expect(it.told('notice').at(-1)?.message).toBe(
      'The server ended once it read server/discover, so starting it once more with the legacy handshake',
    );
  });

  test('that answers a late probe and then ends is not started again for that', async () => {
    const { told, onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [custom(ENDS_ON_INITIALIZE)], probeMs: PROBE_MS, onEvent });
    await expect(opening).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(told('server-started')).toHaveLength(1);
    expectNobodyLeft();
  });

  test('is refused with a reason when the user wants the modern era', async () => {
    const { onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [server('legacy-only')], era: 'modern', onEvent });
    await expect(opening).rejects.toMatchObject({
      code: 'NO_COMMON_VERSION',
      message: expect.stringMatching(/did not answer server\/discover as a modern server does/),
    });
    expectNobodyLeft();
  });
});

describe('a modern server', () => {
  test.each<EraChoice>(['auto', 'modern'])('is used when the era is %s', async (era) => {
    await using it = await opened(server('modern-only'), { era });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'modern' }]);
  });

  test('is refused with its versions when the user wants the legacy era', async () => {
    const { onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [server('modern-only')], era: 'legacy', onEvent });
    await expect(opening).rejects.toMatchObject({
      code: 'BAD_ANSWER',
      message: expect.stringMatching(/Unsupported protocol version/),
    });
    expectNobodyLeft();
  });

  test.each([
    ['a discover result', server('late-modern')],
    ['a discover result, and is mute on initialize', custom(MODERN_AND_MUTE)],
    ['-32022 to initialize', custom(REFUSES_INITIALIZE)],
  ])('that was slow overrules the verdict by %s, on the same process, and that is said', async (_, config) => {
    await using it = await opened(config, { probeMs: PROBE_MS });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'modern' }]);
    expect(it.told('server-started')).toHaveLength(1);
    expect(it.told('notice').at(-1)?.message).toBe(
      'The server speaks the modern protocol after all; going on with that',
    );
    expect(it.told('finding')).toEqual([]);
  });
});

describe('a slow server of both eras', () => {
  test('goes on in the legacy one that it was opened in, on the same process, and that is said', async () => {
    await using it = await opened(custom(BOTH_LATE), { probeMs: PROBE_MS });
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready')).toMatchObject([{ era: 'legacy' }]);
    expect(it.told('server-started')).toHaveLength(1);
    expect(it.told('notice').at(-1)?.message).toMatch(
      /^The server speaks the modern protocol too, but said so only after/,
    );
    expect(it.told('finding')).toEqual([]);
  });
});

describe('a server without a version in common', () => {
  test.each([
    ['in its discover result', '{ result: { supportedVersions: ["2031-01-01"] } }'],
    ['in its refusal', '{ error: { code: -32022, message: "no", data: { supported: ["2031-01-01"] } } }'],
  ])('is refused with both lists, which it gave %s', async (_, answer) => {
    const { onEvent, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [answersEverything(answer)], onEvent });
    await expect(opening).rejects.toMatchObject({
      code: 'NO_COMMON_VERSION',
      message: expect.stringMatching(/speaks 2031-01-01, and this client speaks .*2025-11-25, 2026-07-28/),
    });
    expectNobodyLeft();
  });
});

describe('the era of a server', () => {
  test.each([
    ['echo', 'modern', 10_000, ['server/discover', 'tools/list']],
    ['silent-on-probe', 'legacy', PROBE_MS, ['initialize', 'tools/list']],
  ] as const)('is kept for reconnects: %s opens as %s at once', async (name, era, probeMs, methods) => {
    await using it = await opened(server(name), { probeMs });
    const before = sent(it).length;
    await it.session.servers[0]?.reconnect();
    expect(it.told('server-ready').map((event) => event.era)).toEqual([era, era]);
    expect(sent(it).slice(before)).toEqual(methods);
  });

  test('is found anew by the next start when the server has changed meanwhile', async () => {
    using file = scratchFile();
    await using it = await opened(changing('modern-only', 'exits-on-probe', file.path));
    await it.session.servers[0]?.reconnect();
    expect(await works(it)).toBe('hello');
    expect(it.told('server-ready').map((event) => event.era)).toEqual(['modern', 'legacy']);
    // The modern opening fails, and so does the probe; the third start knows what that means.
    expect(it.told('server-start-failed')).toHaveLength(2);
  });
});
