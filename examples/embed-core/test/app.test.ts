import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

async function run(file: string): Promise<readonly [stdout: string, stderr: string, code: unknown]> {
  const app = spawn(process.execPath, ['--import', 'tsx', '--conditions=@mcp-dbg/source', file], { cwd: folder });
  const [stdout, stderr, [code]] = await Promise.all([text(app.stdout), text(app.stderr), once(app, 'exit')]);
  return [stdout, stderr, code];
}

test('the ten lines show every frame, give the answer, and end by themselves', async () => {
  const [stdout, stderr, code] = await run('app.ts');
  expect(stdout).toMatch(/^Let me look\..*The Python Tutorial/s);
  const frames = stderr.trim().split('\n');
  expect(frames.map((line) => line.split(': ')[0]).join(' ')).toBe('client server client server client server');
  expect(frames[0]).toContain('"method":"server/discover"');
  expect(frames[4]).toContain('"method":"tools/call"');
  expect(code).toBe(0);
});

test('the parts of the guide on core do what it says', async () => {
  const [stdout, stderr, code] = await run('tour.ts');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toContain('The Python Tutorial');
  expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual([
    'invalid-arguments',
    'denied',
    'lost',
    'result',
    'UNKNOWN_TOOL',
    'spare live',
    'bookmarks, spare',
    'Hello?',
    'end_turn',
  ]);
  expect(stderr).toMatch(/broken: exit code 3; .*lost: crash/);
  expect(stderr).toMatch(/broken: back, pid \d+/);
  expect(code).toBe(0);
});
