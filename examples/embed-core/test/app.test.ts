import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

test('the ten lines show every frame, give the answer, and end by themselves', async () => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const app = spawn(process.execPath, ['--import', 'tsx', '--conditions=@mcp-dbg/source', 'app.ts'], { cwd: folder });
  const [stdout, stderr, [code]] = await Promise.all([text(app.stdout), text(app.stderr), once(app, 'exit')]);
  expect(stdout).toMatch(/^Let me look\..*The Python Tutorial/s);
  const frames = stderr.trim().split('\n');
  expect(frames.map((line) => line.split(': ')[0]).join(' ')).toBe('client server client server client server');
  expect(frames[0]).toContain('"method":"server/discover"');
  expect(frames[4]).toContain('"method":"tools/call"');
  expect(code).toBe(0);
});
