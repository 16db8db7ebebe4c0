import { fixture, processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { FrameCounter } from '@mcp-dbg/wire';
import { describe, expect, test } from 'vitest';

import { type Pace, type ServerConfig, Supervisor } from '../src/index.ts';
import { runTool } from '../src/run-tool.ts';
import { routeTools } from '../src/tool-router.ts';
import { custom } from './support/custom-server.ts';
import { recording, server } from './support/observed-session.ts';

/** A clock that stands still until somebody sleeps. */
class FakePace implements Pace {
  #now = 0;
  now(): number {
    return this.#now;
  }
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
  }
}

/** A clock on which nobody ever wakes by itself. */
const FROZEN: Pace = {
  now: () => 0,
  sleep: async (_, signal) =>
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }),
};

interface Supervised extends AsyncDisposable, Pick<ReturnType<typeof recording>, 'told'> {
  readonly supervisor: Supervisor;
}

function supervised(config: ServerConfig, pace?: Pace): Supervised {
  const { told, onEvent, expectNobodyLeft } = recording();
  const supervisor = new Supervisor({
    config,
    clientInfo: { name: 'test', version: '1' },
    environment: process.env,
    era: 'auto',
    probeMs: 5000,
    timeoutMs: 5000,
    observe: () => [],
    onEvent,
    clock: () => Math.round(performance.now() * 1000),
    counter: new FrameCounter(),
    ...(pace && { pace }),
  });
  return {
    supervisor,
    told,
    [Symbol.asyncDispose]: async () => {
      await supervisor.close();
      expectNobodyLeft();
    },
  };
}

const missing: ServerConfig = { name: 'missing', argv: ['/nowhere/at/all'], trusted: true };

describe.concurrent('a server that dies right after every good handshake', () => {
  test('is started 6 times in one turn, with waits that are told, and then left alone', async () => {
    await using it = supervised(server('dies-after-handshake'), new FakePace());
    await it.supervisor.start();
    await waitFor(() => it.told('server-start-failed').at(-1)?.waitMs === null, 'the server to be left alone');
    expect(it.told('server-started')).toHaveLength(6);
    expect(it.told('server-start-failed').map(({ waitMs }) => waitMs)).toEqual([0, 500, 1000, 2000, 4000, null]);
    expect(it.told('server-restarted').map(({ attempt }) => attempt)).toEqual([2, 3, 4, 5, 6]);
    await expect(it.supervisor.ready()).rejects.toMatchObject({
      code: 'SERVER_DOWN',
      message:
        'The server "dies-after-handshake" ended too often right after its start; it is tried again when it is needed in 30 s or later',
    });
  });

  test('costs a call a reason, not a wait', async () => {
    await using it = supervised(server('dies-after-handshake'), new FakePace());
    await it.supervisor.start();
    await waitFor(() => it.told('server-start-failed').at(-1)?.waitMs === null, 'the server to be left alone');
    const route = routeTools([it.supervisor], it.supervisor.name).byName.get('echo');
    if (route === undefined) throw new TypeError('the tool is not known');
    const outcome = await runTool(route, { text: '' }, { approve: async () => true, onNotice: () => {} });
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'server-down',
      message: expect.stringMatching(/too often/),
    });
  });

  test('is started at most 8 times in any minute over 100 turns', async () => {
    const pace = new FakePace();
    const starts: number[] = [];
    await using it = supervised(server('dies-after-handshake', 'handshake'), {
      now: () => pace.now(),
      sleep: async (ms) => await pace.sleep(ms),
    });
    await it.supervisor.start().catch(() => {});
    for (let turn = 0; turn < 100; turn++) {
      const before = it.told('server-started').length;
      await it.supervisor.ready().catch(() => {});
      const now = pace.now();
      starts.push(...Array.from({ length: it.told('server-started').length - before }, () => now));
      await pace.sleep(5000);
    }
    expect(starts.length).toBeGreaterThan(12);
    const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe.concurrent('a server that cannot be started', () => {
  test('fails its first start at once, and says why', async () => {
    await using it = supervised(missing);
    await expect(it.supervisor.start()).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(it.told('server-start-failed')).toEqual([]);
  });

  test('is tried 5 times more when that is wanted, each failure told, and gives the last reason', async () => {
    await using it = supervised(missing, new FakePace());
    await it.supervisor.start().catch((error: unknown) => it.supervisor.recover(error));
    await expect(it.supervisor.ready()).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(it.told('server-start-failed').map(({ waitMs }) => waitMs)).toEqual([0, 500, 1000, 2000, 4000, null]);
  });

  test('that ends before it reads anything is started no more often for being probed', async () => {
    await using it = supervised(server('exits-at-once'), new FakePace());
    const failure = await it.supervisor.start().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/exit code 1; stderr: Error: WEATHER_API_KEY/),
    });
    it.supervisor.recover(failure);
    await it.supervisor.ready().catch(() => {});
    expect(it.told('server-started')).toHaveLength(6);
  });
});

describe.concurrent('a server that is killed while it starts', () => {
  test('fails the start with the signal, once per era', async () => {
    await using it = supervised(server('never-answers'));
    const starting = it.supervisor.start();
    starting.catch(() => {});
    for (const start of [1, 2]) {
      await waitFor(() => it.told('server-waiting').length === start, `opening ${start}`);
      process.kill(it.told('server-started').at(-1)?.pid ?? 0, 'SIGKILL');
    }
    await expect(starting).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: 'The server ended before it answered initialize: signal SIGKILL; no stderr',
    });
    expect(it.told('server-started')).toHaveLength(2);
  });
});

describe.concurrent('reconnecting by the user', () => {
  test('starts a server that is left alone', async () => {
    await using it = supervised(server('dies-after-handshake'), new FakePace());
    await it.supervisor.start();
    await waitFor(() => it.told('server-start-failed').at(-1)?.waitMs === null, 'the server to be left alone');
    await it.supervisor.reconnect();
    expect(it.told('server-started').length).toBeGreaterThan(6);
  });

  test('cuts the wait before a restart short', async () => {
    await using it = supervised(server('echo'), FROZEN);
    await it.supervisor.start();
    for (const _ of [1, 2]) {
      const pid = it.supervisor.live?.connection.pid ?? 0;
      process.kill(pid, 'SIGKILL');
      await waitFor(() => it.supervisor.live?.connection.pid !== pid, 'the end to be seen');
      if (it.told('server-start-failed').at(-1)?.waitMs === 0) await it.supervisor.ready();
    }
    expect(it.told('server-start-failed').at(-1)?.waitMs).toBe(500);
    const live = await it.supervisor.reconnect();
    expect(processIsAlive(live.connection.pid ?? 0)).toBe(true);
  });

  test('ends a start that hangs', async () => {
    await using it = supervised(server('never-answers'));
    const first = it.supervisor.ready();
    await waitFor(() => it.told('server-waiting').length === 1, 'the probe');
    const second = it.supervisor.reconnect();
    await waitFor(() => it.told('server-started').length === 2, 'the second start');
    await it.supervisor.close();
    await expect(first).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(second).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('replaces a living server, and nothing else is started', async () => {
    await using it = supervised(server('echo'));
    const { connection } = await it.supervisor.start();
    const live = await it.supervisor.reconnect();
    expect(live.connection.pid).not.toBe(connection.pid);
    expect(processIsAlive(connection.pid ?? 0)).toBe(false);
    expect(it.told('server-started')).toHaveLength(2);
  });
});

describe.concurrent('closing', () => {
  test('while the server starts ends the start', async () => {
    await using it = supervised(server('never-answers'));
    const starting = it.supervisor.start();
    await waitFor(() => it.told('server-waiting').length === 1, 'the probe');
    await it.supervisor.close();
    await expect(starting).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('before the process is there starts nothing more', async () => {
    await using it = supervised(server('echo'));
    const starting = it.supervisor.start();
    await it.supervisor.close();
    await expect(starting).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(it.supervisor.ready('user')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(it.told('server-started').length).toBeLessThanOrEqual(1);
  });

  test('while a restart waits ends the wait', async () => {
    await using it = supervised(missing, FROZEN);
    await it.supervisor.start().catch((error: unknown) => it.supervisor.recover(error));
    await waitFor(() => it.told('server-start-failed').length === 2, 'the wait');
    const waiting = it.supervisor.ready();
    await it.supervisor.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED', message: 'The server "missing" was stopped' });
  });

  test('while a call is in flight fails the call', async () => {
    await using it = supervised(server('echo'));
    const { connection } = await it.supervisor.start();
    const call = connection.request('tools/call', { name: 'slow', arguments: { ms: 3_600_000 } });
    await it.supervisor.close();
    await expect(call).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(it.told('server-ended')).toMatchObject([{ asked: true }]);
  });

  test.each([['ignores-eof'], ['ignores-term']] as const)(
    'ends %s within the bounds of its escalation',
    async (name) => {
      await using it = supervised(server(name));
      const { connection } = await it.supervisor.start();
      await it.supervisor.close();
      expect(processIsAlive(connection.pid ?? 0)).toBe(false);
    },
  );

  test('waits for a server that closed its stdout and lives on', async () => {
    const lingers = `serve({ name: 'lingers', tools: goodTools, onEnd: () => {} }); setInterval(() => {}, 1e6);
      process.stdin.on('end', async () => { (await import('node:fs')).closeSync(1); });`;
    await using it = supervised(custom(lingers));
    const { connection } = await it.supervisor.start();
    await it.supervisor.close();
    expect(processIsAlive(connection.pid ?? 0)).toBe(false);
  });

  test('ends the children of a wrapper too', async () => {
    const wrapper: ServerConfig = {
      name: 'wrapper',
      argv: ['sh', '-c', `"${process.execPath}" "${fixture('echo')}"; exit $?`],
      trusted: true,
    };
    await using it = supervised(wrapper);
    await it.supervisor.start();
    // The end of the test looks for whom the group still has.
    expect(it.told('server-ready')).toHaveLength(1);
  });
});
