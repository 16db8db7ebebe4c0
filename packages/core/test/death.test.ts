import { readFileSync, writeFileSync } from 'node:fs';

import { processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import type { ServerConfig } from '../src/index.ts';
import { custom, changing, scratchFile } from './support/custom-server.ts';
import { type Observed, observed, outcomeText, server } from './support/observed-session.ts';

function pidOf({ session }: Observed): number {
  return session.servers[0]?.live?.connection.pid ?? 0;
}

async function restarted(it: Observed, times = 1): Promise<void> {
  await waitFor(() => it.told('server-restarted').length === times, `restart ${times}`);
}

/** Calls `slow` for an hour, and comes back when the call is on the wire. */
async function hanging(it: Observed): Promise<{ readonly outcome: Promise<string> }> {
  const before = inFlight(it);
  const outcome = it.session.call('slow', { ms: 3_600_000 }).then(outcomeText);
  await waitFor(() => inFlight(it) > before, 'the call to be sent');
  return { outcome };
}

function inFlight({ told }: Observed): number {
  return told('frame').filter(({ reading }) => reading.kind === 'request' && reading.method === 'tools/call').length;
}

describe.concurrent('the end of a server', () => {
  test('is told with exit code, last meaningful line, uptime and what was in flight, and it is started again', async () => {
    await using it = await observed([server('crashes-on-call')]);
    const pid = pidOf(it);
    expect(outcomeText(await it.session.call('crash', {}))).toBe(
      "lost: The server ended before it answered tools/call: exit code 3; stderr: KeyError: 'temperature'; whether the call had an effect is not known",
    );
    expect(it.told('server-ended')).toMatchObject([
      { pid, code: 3, signal: null, stderr: "KeyError: 'temperature'", inFlight: ['crash'], asked: false },
    ]);
    expect(it.told('server-ended')[0]?.uptimeMs).toBeGreaterThan(0);
    await restarted(it);
    expect(it.told('server-restarted')).toMatchObject([{ pid: pidOf(it), attempt: 2 }]);
    expect(pidOf(it)).not.toBe(pid);
  });

  test('by a signal is told as the signal, and as without stderr', async () => {
    await using it = await observed([server('crashes-on-call')]);
    expect(outcomeText(await it.session.call('sigkill', {}))).toContain('signal SIGKILL; no stderr');
    expect(it.told('server-ended')).toMatchObject([{ code: null, signal: 'SIGKILL', stderr: undefined }]);
  });

  test('fails every call in flight at once, never by time-out', async () => {
    await using it = await observed([server('echo')]);
    const calls = [await hanging(it), await hanging(it), await hanging(it)];
    process.kill(pidOf(it), 'SIGKILL');
    for (const { outcome } of calls) expect(await outcome).toMatch(/^lost: .*signal SIGKILL/);
    expect(it.told('server-ended')[0]?.inFlight).toEqual(['slow', 'slow', 'slow']);
  });

  test('does not count a subscription as in flight', async () => {
    await using it = await observed([server('list-changes')]);
    process.kill(pidOf(it), 'SIGKILL');
    await restarted(it);
    expect(it.told('server-ended')[0]?.inFlight).toEqual([]);
  });

  test('is also the end of its stdout while it lives', async () => {
    await using it = await observed([server('closes-stdout')]);
    const pid = pidOf(it);
    expect(outcomeText(await it.session.call('close_stdout', {}))).toMatch(/^lost: .*it closed its stdout/);
    expect(it.told('server-ended')).toMatchObject([{ code: null, signal: null, closed: 'stdout' }]);
    await restarted(it);
    expect(processIsAlive(pid)).toBe(false);
  });

  test('is also the end of its stdin while it lives', async () => {
    await using it = await observed([server('closes-stdin')]);
    const pid = pidOf(it);
    expect(outcomeText(await it.session.call('close_stdin', {}))).toBe('closed stdin');
    expect(outcomeText(await it.session.call('echo', { text: 'x' }))).toBe('x');
    expect(it.told('server-ended')).toMatchObject([{ code: null, signal: null, closed: 'stdin' }]);
    expect(processIsAlive(pid)).toBe(false);
  });

  test('comes at once although a grandchild holds the pipes, and the grandchild goes too', async () => {
    await using it = await observed([server('forks-and-dies')]);
    expect(outcomeText(await it.session.call('fork_and_die', {}))).toMatch(/^lost: .*exit code 1/);
    const grandchild = Number(it.told('stderr').flatMap(({ text }) => /grandchild (\d+)/.exec(text)?.[1] ?? [])[0]);
    await waitFor(() => !processIsAlive(grandchild), 'the grandchild to end');
    await restarted(it);
  });

  test('comes although a grandchild outside the group goes on writing', async () => {
    const chatter = `const { spawn } = await import('node:child_process');
      serve({ name: 'chatter', tools: [...goodTools, { name: 'leave', inputSchema: object, run: () => {
        const child = spawn('sh', ['-c', 'for i in $(seq 300); do echo noise; sleep 0.1; done'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
        process.stderr.write('grandchild ' + child.pid + '\\n', () => process.exit(1));
        return new Promise(() => {});
      } }] });`;
    await using it = await observed([custom(chatter)]);
    expect(outcomeText(await it.session.call('leave', {}))).toMatch(/^lost: .*exit code 1/);
    const grandchild = Number(it.told('stderr').flatMap(({ text }) => /grandchild (\d+)/.exec(text)?.[1] ?? [])[0]);
    process.kill(-grandchild, 'SIGKILL');
  });
});

describe.concurrent('a restart', () => {
  test('lists the tools again and tells what changed', async () => {
    using file = scratchFile();
    await using it = await observed([changing('echo', 'paginated', file.path)]);
    process.kill(pidOf(it), 'SIGKILL');
    await restarted(it);
    expect(it.told('tools-changed')).toMatchObject([
      { added: expect.arrayContaining(['tool_7']), removed: expect.arrayContaining(['echo']), changed: [] },
    ]);
    expect([...it.session.routes.byName.keys()]).toHaveLength(7);
  });

  test('follows SIGKILL before, during and after calls, 100 times: every call answered, no effect doubled, nobody left', async () => {
    using file = scratchFile();
    await using it = await observed([server('echo', file.path)]);
    for (let round = 0; round < 100; round++) {
      const pid = pidOf(it);
      if (round % 3 === 0) process.kill(pid, 'SIGKILL');
      const counted = it.session.call('counter', { label: `${round}` }).then(outcomeText);
      const slow = round % 3 === 1 ? await hanging(it) : undefined;
      if (round % 3 === 1) process.kill(pid, 'SIGKILL');
      expect(await counted).toMatch(/^(?:counted|lost)/);
      if (slow !== undefined) expect(await slow.outcome).toMatch(/^lost/);
      if (round % 3 === 2) process.kill(pid, 'SIGKILL');
      await restarted(it, round + 1);
    }
    const labels = readFileSync(file.path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(new Set(labels).size).toBe(labels.length);
    expect(it.told('server-ended')).toHaveLength(100);
    expect(new Set(it.told('server-restarted').map(({ pid }) => pid)).size).toBe(100);
  });
});

describe.concurrent('what a server was told to keep in mind', () => {
  const remembers = `let level = 'none'; const uris = new Set();
    serve({ name: 'remembers', era: 'legacy', tools: [...goodTools, { name: 'state', inputSchema: object, run: () => [level, ...uris].join(' ') }],
      intercept: ({ id, method, params }, { send }) => {
        if (method === 'logging/setLevel') level = params.level;
        else if (method === 'resources/subscribe') uris.add(params.uri);
        else if (method === 'resources/unsubscribe') uris.delete(params.uri);
        else return false;
        send({ id, result: {} });
        return true;
      } });`;

  test('is told to the next process: the log level and the subscriptions', async () => {
    await using it = await observed([custom(remembers)]);
    const { connection } = (await it.session.servers[0]?.ready()) ?? {};
    await connection?.request('logging/setLevel', { level: 'info' });
    await connection?.request('logging/setLevel', { level: 'debug' });
    for (const uri of ['a://1', 'a://2']) await connection?.request('resources/subscribe', { uri });
    await connection?.request('resources/unsubscribe', { uri: 'a://1' });
    process.kill(pidOf(it), 'SIGKILL');
    await restarted(it);
    expect(outcomeText(await it.session.call('state', {}))).toBe('debug a://2');
  });

  test('that the next process refuses is told, and costs nothing else', async () => {
    using file = scratchFile();
    const forgets = `if (existsSync(FILE)) serve({ name: 'x', era: 'legacy', tools: goodTools }); else { writeFileSync(FILE, ''); ${remembers} }`;
    await using it = await observed([custom(forgets, file.path)]);
    const { connection } = (await it.session.servers[0]?.ready()) ?? {};
    await connection?.request('logging/setLevel', { level: 'debug' });
    process.kill(pidOf(it), 'SIGKILL');
    await restarted(it);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      'What the server is to keep in mind is not in effect: The server answered logging/setLevel with error -32601: Method not found',
    ]);
    expect(outcomeText(await it.session.call('echo', { text: 'x' }))).toBe('x');
  });

  test('does not prove a server that dies right after', async () => {
    const dies = `let told = 0; ${remembers.replace('send({ id, result: {} });', 'send({ id, result: {} }); if (existsSync(FILE)) setImmediate(() => process.exit(1));')}`;
    using file = scratchFile();
    await using it = await observed([custom(dies, file.path)]);
    const { connection } = (await it.session.servers[0]?.ready()) ?? {};
    await connection?.request('logging/setLevel', { level: 'debug' });
    writeFileSync(file.path, '');
    process.kill(pidOf(it), 'SIGKILL');
    await waitFor(() => it.told('server-start-failed').some(({ waitMs }) => waitMs === 500), 'the brake');
  });
});

describe.concurrent('a call that was lost with its server', () => {
  const readOnly = `{ name: 'read', inputSchema: object, annotations: { readOnlyHint: true }, run }`;
  const writing = `{ name: 'write', inputSchema: object, annotations: {}, run }`;
  const dying = (tool: string, file: string): ServerConfig =>
    custom(
      `const run = () => {
         appendFileSync(FILE, 'run\\n');
         if (readFileSync(FILE, 'utf8') === 'run\\n') process.exit(3);
         return 'second';
       };
       serve({ name: 'dying', tools: [${tool}] });`,
      file,
    );
  const runs = (file: string): number => readFileSync(file, 'utf8').trim().split('\n').length;

  test('is made once more where the tool only reads and the server is trusted, and that is said', async () => {
    using file = scratchFile();
    await using it = await observed([dying(readOnly, file.path)]);
    expect(outcomeText(await it.session.call('read', {}))).toBe('second');
    expect(runs(file.path)).toBe(2);
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      'Calling "read" of "custom" once more: it was lost with its server, and it says that it is safe to repeat',
    ]);
  });

  test('is made once more only once', async () => {
    using file = scratchFile();
    await using it = await observed([server('crashes-on-call', file.path)]);
    expect(outcomeText(await it.session.call('crash_read_only', {}))).toMatch(/^lost: .*exit code 3/);
    expect(runs(file.path)).toBe(2);
  });

  test.each([
    ['the tool writes', writing, true],
    ['the server is not trusted', readOnly, false],
  ])('is not made again where %s', async (_, tool, trusted) => {
    using file = scratchFile();
    await using it = await observed([{ ...dying(tool, file.path), trusted }]);
    const [name = ''] = it.session.routes.byName.keys();
    expect(outcomeText(await it.session.call(name, {}))).toMatch(
      /^lost: .*whether the call had an effect is not known/,
    );
    expect(runs(file.path)).toBe(1);
    expect(it.told('notice')).toEqual([]);
  });
});

describe.concurrent('a stopped process', () => {
  test('costs a call its time-out, and the conversation goes on', async () => {
    await using it = await observed([server('echo')]);
    const pid = pidOf(it);
    process.kill(pid, 'SIGSTOP');
    expect(outcomeText(await it.session.call('echo', { text: 'x' }, { timeoutMs: 300 }))).toMatch(
      /^timeout: .* within 0.3 s/,
    );
    process.kill(pid, 'SIGCONT');
    expect(outcomeText(await it.session.call('echo', { text: 'y' }))).toBe('y');
    expect(it.told('finding')).toEqual([]);
  });
});

test('a server that exits while we are held up is told with its exit code, not as one that only closed its stdout', async () => {
  const closes = `const { closeSync } = await import('node:fs');
    serve({ name: 'closes', tools: [{ name: 'leave', inputSchema: object, run: () => {
      closeSync(1);
      setTimeout(() => process.exit(3), 50);
      return new Promise(() => {});
    } }] });`;
  // From the end of its stdout on nothing of ours runs, for longer than a process may take from there to its exit.
  const hold = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  const watch = { event: ({ kind }: { readonly kind: string }) => void (kind === 'eof' && setImmediate(hold)) };
  let starts = 0;
  const observe = (): readonly (typeof watch)[] => (starts++ === 0 ? [watch] : []);
  await using it = await observed([custom(closes)], { observe });
  expect(outcomeText(await it.session.call('leave', {}))).toMatch(/^lost: .*exit code 3/);
  expect(it.told('server-ended')).toMatchObject([{ code: 3, signal: null }]);
});
