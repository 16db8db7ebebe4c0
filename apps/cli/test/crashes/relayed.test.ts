import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import { afterEach, describe, expect, it } from 'vitest';

import type { CrashReport } from '../../src/crashes/crash-report.ts';
import { readReport } from '../../src/crashes/report-text.ts';
import { jsonLines, run } from '../driver.ts';
import { Peer } from '../relay/peer.ts';
import { endProxies } from '../transparency/driver.ts';

afterEach(endProxies);

const reportAt = (folder: string, n: number): string => join(folder, `run.crash-${n}.json`);

/** A report as soon as it is there whole. */
async function reported(folder: string, n: number): Promise<CrashReport> {
  const path = reportAt(folder, n);
  await waitFor(() => existsSync(path) && statSync(path).size > 0, `the report ${path}`);
  return readReport(readFileSync(path, 'utf8'));
}

describe('a proxy that restarts its server', () => {
  it('leaves a report of each crash beside its capture, while the client goes on, and none of its own end', async () => {
    const peer = new Peer(['--restart', '--label', 'reborn']);
    await peer.initialize();
    const first = Number(await peer.call('pid'));
    expect(await peer.ask('tools/call', { name: 'crash', arguments: {} })).toMatchObject({
      error: { data: { pid: first } },
    });
    const byItself = await reported(peer.folder, 1);
    expect(byItself).toMatchObject({
      madeBy: { from: 'proxy' },
      crash: 1,
      leftOut: 0,
      capture: { path: peer.capture, conn: 1 },
      label: 'reborn',
      pid: first,
      client: { name: 'raw', version: '1.0.0' },
      era: 'legacy',
      protocolVersion: '2025-06-18',
      code: 3,
      signal: null,
      stderr: { last: "KeyError: 'temperature'" },
      inFlight: [{ method: 'tools/call', tool: 'crash', from: 'client' }],
      inFlightMore: 0,
      isTorn: false,
    });
    expect(byItself.frames.at(-1)).toMatchObject({ from: 'server', by: 'mcp-dbg' });

    await peer.ask('tools/list', {});
    const second = Number(await peer.call('pid'));
    process.kill(second, 'SIGKILL');
    expect(await reported(peer.folder, 2)).toMatchObject({
      crash: 2,
      capture: { conn: 2 },
      pid: second,
      code: null,
      signal: 'SIGKILL',
      stderr: { last: null },
      inFlight: [],
    });
    await waitFor(async () => !['', String(second)].includes(await peer.call('pid')), 'the next process');
    await peer.end();

    expect(readdirSync(peer.folder).filter((name) => /crash|tmp/.test(name))).toEqual([
      'run.crash-1.json',
      'run.crash-2.json',
    ]);
    // The capture alone tells the same.
    const { stdout } = await run(['crashes', peer.capture, '--json']);
    expect(jsonLines(stdout).map(({ code, signal, pid, inFlight }) => ({ code, signal, pid, inFlight }))).toMatchObject(
      [
        { code: 3, signal: null, pid: first, inFlight: [{ tool: 'crash' }] },
        { code: null, signal: 'SIGKILL', pid: second, inFlight: [] },
      ],
    );
  });
});
