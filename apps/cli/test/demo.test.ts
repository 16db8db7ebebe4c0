import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { BIN, type Ran, run, scratch } from './driver.ts';

const hasPython = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'python3')));

let homes = 0;

/** Tells the story in an empty home and an empty folder for temporary files, and checks what is left of it. */
async function told(
  env: Readonly<Record<string, string>> = {},
  bin: string = BIN,
): Promise<Ran & { readonly kept: readonly string[] }> {
  const HOME = join(scratch, `home-${++homes}`);
  const TMPDIR = join(HOME, 'tmp');
  mkdirSync(TMPDIR, { recursive: true });
  const ran = await run(['demo'], { env: { HOME, TMPDIR, ...env }, bin });
  const kept = readdirSync(HOME, { recursive: true, withFileTypes: true });
  return { ...ran, kept: kept.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) };
}

function expectStory({ code, stdout, stderr, kept }: Awaited<ReturnType<typeof told>>, script: string): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const steps = [
    new RegExp(
      `1\\. Connect to the bookmarks example \\(.*${script.replace('.', '\\.')}\\)\\nbookmarks: connected to bookmarks 1\\.0\\.0`,
    ),
    /\n\n2\. Ask .*\nI will save that\.\n.* # .*what\n.*--> .*tools\/call add_bookmark {2}id 1\n\{"method":"tools\/call".*\n.*<-- ↳.*\n\{.*"Python Docs.*\n\[called add_bookmark\(url: "https:\/\/python\.org", title: "Python Docs", tags: \["python"\]\) .*ms\]\n/,
    /\n\n3\. Ask again.*\n.*\n\[called search_bookmarks\(query: "Python"\) .*ms\]\n.*https:\/\/python\.org/,
    /\n\n4\. Kill the server with SIGKILL\nbookmarks: server ended: signal SIGKILL \(pid \d+,.*\nbookmarks: restarted, pid \d+\n/,
    /\n\n5\. Go on.*\n.*\n\[called list_bookmarks_by_tag\(tag: "tutorial"\) .*ms\]\n.*The Python Tutorial/,
    /\n\n6\. Every byte was recorded.*\n.*\.mcpcap\n/,
    /\n\ndemo: all steps passed\n$/,
  ].map((step) => stdout.search(step));
  expect(steps).not.toContain(-1);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(kept).toEqual([expect.stringMatching(/\.local\/state\/mcp-dbg\/captures\/.*-demo-\d+\.mcpcap$/)]);
  expect(readFileSync(kept[0] ?? '', 'utf8')).toContain('"t":"exit"');
}

test.concurrent('tells the story on the Python example, and leaves nothing but its capture', async (context) => {
  if (!hasPython) context.skip('there is no python3');
  expectStory(await told(), 'server.py');
});

test.concurrent('tells it on the Node example where there is no python3, and says so', async () => {
  const ran = await told({ PATH: join(scratch, 'nothing') });
  expect(ran.stdout).toMatch(/^There is no python3 here, so this is told on the example for Node\.\n1\. /);
  expectStory(ran, 'server.mjs');
});

test.concurrent.each([
  ['a tool fails', (server: string) => server.replaceAll('search_bookmarks', 'search_nothing'), 3],
  ['the server does not start', () => 'process.exit(1)', 1],
  [
    'the server cannot be started anew',
    (server: string) => `import { existsSync, writeFileSync } from 'node:fs';
     const mark = process.env.BOOKMARKS_DB + '.started';
     if (existsSync(mark)) process.exit(1);
     writeFileSync(mark, '');
     ${server.replace(/^#!.*\n/, '')}`,
    4,
  ],
])('a step that is missed is named, and the exit code is 2: %s', async (_, broken, step) => {
  const copy = join(scratch, `copy-${step}`);
  cpSync(dirname(BIN), copy, { recursive: true });
  const server = join(copy, 'examples/bookmarks/server.mjs');
  writeFileSync(server, broken(readFileSync(server, 'utf8')));
  const { code, stdout, stderr, kept } = await told({ PATH: join(scratch, 'nothing') }, join(copy, 'bin.js'));
  expect(code).toBe(2);
  expect(stdout).not.toContain('all steps passed');
  expect(stderr).toMatch(new RegExp(`^mcp-dbg: Step ${step} \\(.*\\) was missed: .*\\n$`));
  expect(kept.every((path) => path.endsWith('.mcpcap'))).toBe(true);
});
