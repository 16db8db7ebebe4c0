import { join } from 'node:path';

import { expect, test } from 'vitest';

import { fixture } from '../../packages/testkit/src/index.ts';
import { serversTable } from '../../scripts/docs/servers-table.ts';
import { POPULAR_SERVERS } from '../../scripts/servers/popular-servers.ts';
import { type SeenServer, seeServer } from '../../scripts/servers/see-server.ts';
import { seenRun } from '../../scripts/servers/seen-run.ts';
import { root, textOf } from '../support/repository.ts';
import { run } from '../support/run.ts';
import { tempFolder } from '../support/temp-folder.ts';

const bin = join(root, 'apps/cli/dist/bin.js');

test.concurrent.each([
  ['paginated', 'by itself', 1],
  ['exits-on-probe', 'by itself', 2],
  ['ignores-eof', 'SIGTERM', 1],
] as const)('the capture of a run tells of %s how it ended and how often it was started', async (name, end, starts) => {
  using folder = tempFolder('seen');
  const capture = join(folder.path, 'run.mcpcap');
  await run(process.execPath, [bin, 'tools', '--json', '--capture', capture, fixture(name)], folder.path);
  const { output } = await run(process.execPath, [bin, 'log', '--json', capture], folder.path);
  const seen = seenRun(output);
  expect(seen).toMatchObject({ end, starts });
  expect(seen.startMs).toBeGreaterThan(0);
});

test('a server that does not start is no row but a reason', async () => {
  const seeing = seeServer({ argv: [process.execPath, fixture('exits-at-once')], bin, runs: 1 });
  await expect(seeing).rejects.toThrow(/^tools ended with 4: .*WEATHER_API_KEY is not set/);
});

test('the kept run has every popular server, at the version that would be installed', () => {
  const { servers } = JSON.parse(textOf('docs/transcripts/servers.json')) as {
    readonly servers: readonly SeenServer[];
  };
  expect(servers.map(({ name, version }) => `${name}@${version}`)).toEqual(
    POPULAR_SERVERS.map(({ name, version }) => `${name}@${version}`),
  );
});

test('the table has a row for each server', () => {
  const seen = {
    era: 'legacy',
    protocolVersion: '2025-11-25',
    tools: 3,
    resources: 1,
    resourceTemplates: 0,
    prompts: 2,
  };
  const kept = {
    at: '2026-11-26',
    node: 'v20.19.0',
    servers: [
      { from: 'npm', name: '@a/one', version: '1.2.3', ...seen, startMs: 40, end: 'by itself', starts: 1 },
      {
        from: 'PyPI',
        name: 'two',
        version: '4',
        ...seen,
        resourceTemplates: 5,
        startMs: 60,
        end: 'SIGKILL',
        starts: 2,
      },
    ],
  };
  expect(serversTable(JSON.stringify(kept))).toBe(
    `Run on 2026-11-26 with Node 20.19.0: **2 servers**, 1 from npm, 1 from PyPI.

| server | era | tools | resources | prompts | start | processes | ends |
| --- | --- | --- | --- | --- | --- | --- | --- |
| \`@a/one\` 1.2.3 | legacy, 2025-11-25 | 3 | 1 | 2 | 40 ms | 1 | with its input |
| \`two\` 4 (PyPI) | legacy, 2025-11-25 | 3 | 1 + 5 templates | 2 | 60 ms | 2 | by SIGKILL |
`,
  );
});
