import { writeFileSync } from 'node:fs';

import { waitFor } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { ServerConfig, StdioServer } from '../src/index.ts';
import { GivenNames, modelToolNames } from '../src/tool-names.ts';
import { custom, scratchFile } from './support/custom-server.ts';
import { type Observed, observed, outcomeText, server } from './support/observed-session.ts';
import { asked, call, expectStillValid, results, said, script, still } from './support/queries.ts';

function pids({ session }: Observed): readonly (number | null | undefined)[] {
  return session.servers.map(({ live }) => live?.connection.pid);
}

function toolNames({ session }: Observed): readonly string[] {
  return [...session.routes.byName.keys()];
}

/** A server that answers nothing until there is a file, and is a good one then. */
function waitsFor(file: string): StdioServer {
  const wait = `const { setTimeout: pause } = await import('node:timers/promises');
    while (!existsSync(FILE)) await pause(5);
    if (process.env.FAILS) process.exit(7);
    serve({ name: 'waits', tools: goodTools });`;
  return { ...custom(wait, file), name: 'waits' };
}

/** Calls `slow` of a server for an hour, and comes back when the call is on the wire. */
async function hanging(it: Observed, tool: string): Promise<{ readonly outcome: Promise<string> }> {
  const outcome = it.session.call(tool, { ms: 3_600_000 }).then(outcomeText);
  const isSent = (): boolean =>
    it.told('frame').some(({ reading }) => reading.kind === 'request' && reading.method === 'tools/call');
  await waitFor(isSent, 'the call to be sent');
  return { outcome };
}

describe.concurrent('a server that takes long to start', () => {
  test('keeps neither the others nor a query waiting, and its tools join when it is ready', async () => {
    using file = scratchFile();
    await using model = await script([
      { call: [call('echo__add', { a: 1, b: 2 }), call('waits__add')] },
      { on: 'result', say: 'Asked.' },
      { call: [call('waits__add', { a: 2, b: 3 })] },
      { say: '{{result}}' },
    ]);
    await using it = await observed([waitsFor(file.path), server('echo')], { model, patienceMs: 20 });
    expect(it.session.servers.map(({ state }) => state)).toEqual(['starting', 'live']);
    expect(it.told('notice')).toMatchObject([
      { server: 'waits', message: 'It is not ready yet; the chat goes on without it, and its tools join when it is' },
    ]);
    expect(results(await asked(it.session, 'go'))).toEqual([
      { isError: true, text: expect.stringMatching(/^There is no tool "waits__add"; .*; not ready yet: waits$/) },
      { isError: false, text: '3' },
    ]);
    writeFileSync(file.path, '');
    await waitFor(() => it.told('server-ready').length === 2, 'the late server');
    expect(said(await asked(it.session, 'again'))).toBe('5');
    const late = it.told('notice').filter(({ message }) => message.startsWith('It is not ready yet'));
    expect(late, 'it is said once').toHaveLength(1);
  });

  test('is waited for where it is the only one', async () => {
    using file = scratchFile();
    const opening = observed([waitsFor(file.path)], { patienceMs: 0 });
    writeFileSync(file.path, '');
    await using it = await opening;
    expect(it.session.servers.map(({ state }) => state)).toEqual(['live']);
  });

  test('and fails then is told, and tried again as any other', async () => {
    using file = scratchFile();
    const late = { ...waitsFor(file.path), env: { FAILS: 'yes' } };
    await using it = await observed([server('echo'), late], { patienceMs: 0 });
    writeFileSync(file.path, '');
    await waitFor(() => it.told('server-start-failed').length > 0, 'the failure');
    expect(it.told('server-start-failed')[0]).toMatchObject({ server: 'waits', wasReady: false });
  });
});

describe.concurrent('a server that is down', () => {
  test('costs a query no wait, and a call to it no more than the bound', async () => {
    using file = scratchFile();
    // Good at its first start, silent at every other.
    const back = custom(
      `const again = existsSync(FILE); writeFileSync(FILE, ''); if (again) process.stdin.resume(); else serve({ name: 'back', tools: goodTools });`,
      file.path,
    );
    await using model = await script([{ call: [call('echo__pid')] }, still]);
    await using it = await observed([server('echo'), back], { model, patienceMs: 20, probeMs: 60_000 });
    await waitFor(() => it.session.servers[1]?.live !== undefined, 'the second server');
    process.kill(pids(it)[1] ?? 0, 'SIGKILL');
    await waitFor(() => it.told('server-started').length === 3, 'the second start');
    expect(results(await asked(it.session, 'go'))).toEqual([{ isError: false, text: `${pids(it)[0]}` }]);
    expect(outcomeText(await it.session.call('custom__pid', {}, { readyMs: 50 }))).toBe(
      'timeout: The server "custom" was not back within 0.05 s, so the call was not made',
    );
    expect(it.session.servers.map(({ state }) => state)).toEqual(['live', 'restarting']);
    await expectStillValid(it.session);
  });
});

describe.concurrent('a server that is added', () => {
  test('joins with names of its own, and no name that the model has seen means anything else', async () => {
    await using model = await script([
      { call: [call('pid'), call('echo-2__pid')] },
      { on: 'result', say: 'ok', repeat: true },
    ]);
    await using it = await observed([server('echo')], { model });
    expect(toolNames(it)).toContain('pid');
    const added = await it.session.add(server('echo'));
    expect(added.name).toBe('echo-2');
    expect(toolNames(it)).toEqual(expect.arrayContaining(['pid', 'echo-2__pid']));
    const texts = results(await asked(it.session, 'go')).map(({ text }) => text);
    expect(texts.toSorted()).toEqual(pids(it).map(String).toSorted());
    await it.session.remove('echo');
    expect(toolNames(it)).toContain('echo-2__pid');
    expect(toolNames(it), 'the plain names were those of the first server').not.toContain('pid');
    await expect(it.session.call('pid', {})).resolves.toMatchObject({ kind: 'result' });
  });

  test('after a server of that name was stopped has its name where it is the same one, and another where it is not', async () => {
    await using it = await observed([server('progress'), server('echo')]);
    await it.session.remove('echo');
    const other: ServerConfig = { ...server('list-changes'), name: 'echo' };
    expect((await it.session.add(other)).name).toBe('echo-2');
    expect((await it.session.add(server('echo'))).name).toBe('echo');
  });

  test('to a session that has none has plain names', async () => {
    await using it = await observed([]);
    await it.session.add(server('echo'));
    expect(toolNames(it)).toContain('pid');
  });

  test('and does not start is no part of the session, and says why', async () => {
    await using it = await observed([server('echo')]);
    await expect(it.session.add(server('exits-at-once'))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(it.session.servers.map(({ name }) => name)).toEqual(['echo']);
    expect(it.told('server-start-failed')).toEqual([]);
  });

  test('is ended where nobody waits for it any more', async () => {
    await using it = await observed([server('echo')]);
    const interrupt = new AbortController();
    const adding = it.session.add(server('never-answers'), interrupt.signal);
    adding.catch(() => {});
    await waitFor(() => it.told('server-started').length === 2, 'the start');
    interrupt.abort(new Error('enough'));
    await expect(adding).rejects.toThrow('enough');
    expect(it.session.servers.map(({ name }) => name)).toEqual(['echo']);
  });

  test('is refused once the session is closed', async () => {
    await using it = await observed([server('echo')]);
    await it.session.close();
    await expect(it.session.add(server('echo'))).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

describe.concurrent('a server that is removed', () => {
  test('fails its calls at once although it does not heed its end, and the others do not notice', async () => {
    await using it = await observed([server('echo'), server('ignores-eof')]);
    const [first] = pids(it);
    const { outcome } = await hanging(it, 'ignores-eof__slow');
    const removing = it.session.remove('ignores-eof');
    expect(await outcome).toBe(
      'server-down: The server "ignores-eof" was stopped before it answered; whether the call had an effect is not known',
    );
    expect(it.told('server-ended'), 'the call fails before the server has ended').toEqual([]);
    await removing;
    expect(it.told('server-ended')).toMatchObject([{ server: 'ignores-eof', asked: true }]);
    expect(outcomeText(await it.session.call('pid', {}))).toBe(`${first}`);
    expect(it.told('server-restarted')).toEqual([]);
  });

  test('is known to be gone when the model calls its tool, and the conversation goes on', async () => {
    await using model = await script([
      { call: [call('echo__pid')] },
      { say: 'ok' },
      { call: [call('echo__pid')] },
      still,
    ]);
    await using it = await observed([server('echo'), server('progress')], { model });
    await asked(it.session, 'one');
    await it.session.remove('echo');
    expect(results(await asked(it.session, 'two'))[0]?.text).toMatch(
      /^There is no tool "echo__pid"; tools: progress__.*; its server "echo" was stopped$/,
    );
    await expectStillValid(it.session);
  });

  test('must be there', async () => {
    await using it = await observed([server('echo')]);
    await expect(it.session.remove('nobody')).rejects.toMatchObject({
      code: 'UNKNOWN_SERVER',
      message: 'There is no server "nobody"; servers: echo',
    });
  });
});

test('however servers and tools come and go, a name that was given to a tool is never given to another', () => {
  const word = fc.constantFrom('a', 'b', 'a_', '_a', 'a__b', 'b__a', 'a.b');
  const address = fc.record({ server: word, tool: word });
  const lists = fc.array(fc.uniqueArray(address, { selector: ({ server, tool }) => `${server}\0${tool}` }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(lists, fc.option(word, { nil: undefined }), (times, plain) => {
      const given = new GivenNames();
      const owners = new Map<string, string>();
      for (const addresses of times) {
        const names = modelToolNames(addresses, plain, given);
        expect(new Set(names).size).toBe(addresses.length);
        for (const [index, name] of names.entries()) {
          const owner = JSON.stringify(addresses[index]);
          expect(owners.get(name) ?? owner).toBe(owner);
          owners.set(name, owner);
        }
      }
    }),
  );
});
