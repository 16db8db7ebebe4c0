import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type Model, type ServerConfig, Session } from '../src/index.ts';
import { custom } from './support/custom-server.ts';
import { observed, outcomeText, recording, server } from './support/observed-session.ts';
import { asked, said } from './support/queries.ts';

const missing: ServerConfig = { name: 'missing', argv: ['/nowhere/at/all'], trusted: true };

describe('opening a session', () => {
  test('with one server of two that does not start tells it, goes on trying, and works with the other', async () => {
    await using it = await observed([server('echo'), missing]);
    expect(it.told('server-start-failed')[0]).toMatchObject({
      server: 'missing',
      waitMs: 0,
      reason: expect.stringMatching(/no such file/),
    });
    await waitFor(() => it.told('server-start-failed').length > 1, 'the second try');
    expect(outcomeText(await it.session.call('echo__echo', { text: 'x' }))).toBe('x');
  });

  test('without any server that starts throws the first one’s reason', async () => {
    const { onEvent, told, expectNobodyLeft } = recording();
    const opening = Session.open({ servers: [missing, server('exits-at-once')], onEvent });
    await expect(opening).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(told('server-start-failed')).toEqual([]);
    expectNobodyLeft();
  });

  test('that is interrupted ends what was started', async () => {
    const { onEvent, told, expectNobodyLeft } = recording();
    const interrupt = new AbortController();
    const opening = Session.open({
      servers: [server('echo'), server('never-answers')],
      onEvent,
      signal: interrupt.signal,
    });
    opening.catch(() => {});
    await waitFor(() => told('server-ready').length === 1, 'the first server');
    interrupt.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    expectNobodyLeft();
  });

  test('that was interrupted before starts nothing', async () => {
    const { onEvent, events } = recording();
    await expect(
      Session.open({ servers: [server('echo')], onEvent, signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow('no');
    expect(events).toEqual([]);
  });

  test('without servers gives a session without tools', async () => {
    await using it = await observed([]);
    expect(it.session.routes.byName.size).toBe(0);
  });

  test('gives each server a name of its own', async () => {
    const named = (name: string): ServerConfig => ({ ...server('echo'), name });
    await using it = await observed([named('a'), named('a'), named('a-2'), named('a')]);
    expect(it.session.servers.map(({ name }) => name)).toEqual(['a', 'a-3', 'a-2', 'a-4']);
  });
});

describe('what a server may know', () => {
  const reveal = custom(
    `serve({ name: 'x', tools: [{ name: 'env', inputSchema: object, run: () => JSON.stringify(process.env) }] });`,
  );

  test('is the safe environment and what the user named, no secrets', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/home/x',
      ANTHROPIC_API_KEY: 'secret',
      SHELL: '() { evil; }',
    };
    await using it = await observed([{ ...reveal, env: { TOKEN: 'named' } }], { environment });
    expect(JSON.parse(outcomeText(await it.session.call('env', {})))).toEqual({
      PATH: process.env['PATH'],
      HOME: '/home/x',
      TOKEN: 'named',
    });
  });
});

describe('an app', () => {
  test('hands in observers for each process, and they see every byte', async () => {
    const seen: string[] = [];
    await using it = await observed([server('echo')], {
      observe: ({ name }) => [
        {
          read: (from, bytes) => void seen.push(`${name} ${from} ${bytes.length > 0}`),
          event: ({ kind }) => void seen.push(`${name} ${kind}`),
        },
      ],
    });
    await it.session.servers[0]?.reconnect();
    expect(seen.filter((each) => each === 'echo spawn')).toHaveLength(2);
    expect(seen).toEqual(expect.arrayContaining(['echo client true', 'echo server true', 'echo exit']));
  });

  test('hands in a model of its own', async () => {
    const model: Model = {
      name: 'mine',
      async *reply({ turns, tools }) {
        yield 'hi';
        return { text: 'hi', calls: [], stop: 'end_turn', vendor: { turns: turns.length, tools: tools.length } };
      },
    };
    await using it = await observed([server('echo')], { model });
    expect(said(await asked(it.session, 'hello'))).toBe('hi');
  });
});
