import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter } from '@mcp-dbg/capture/node';
import { beforeAll, describe, expect, it } from 'vitest';

import { run, scratch } from './driver.ts';

const LINES = 20_000;
const capture = join(mkdtempSync(join(scratch, 'flood-')), 'flood.mcpcap');

describe('a server that floods its output with noise', () => {
  beforeAll(() => {
    const writer = new CaptureWriter({ path: capture, argv: ['yes'] });
    writer.connection().read('server', Buffer.alloc(2 * LINES, 'x\n'));
    writer.close();
  });

  it('is reported with its first thousand lines, and how many more there are', async () => {
    const { stdout, code } = await run(['lint', capture, '--json']);
    const report = JSON.parse(stdout) as {
      findings: readonly unknown[];
      more: unknown;
      frames: number;
      counts: unknown;
    };
    expect(code).toBe(1);
    expect(report.findings).toHaveLength(1000);
    expect(report).toMatchObject({
      frames: LINES,
      counts: { error: 1000 },
      more: { 'stdio/not-json': LINES - 1000 },
      failed: true,
    });
  });

  it.each([
    ['text', '… 19995 more; --json has the first 1000'],
    ['text', '1000 errors, and 19000 more: 20000 frames checked'],
    ['junit', '… and 19000 more'],
    ['sarif', '19000 more findings are left out'],
  ])('is reported as %s with how many more there are', async (format, words) => {
    const { stdout } = await run(['lint', capture, '--format', format]);
    expect(stdout).toContain(words);
  });

  it('is exported as a report', async () => {
    const { code } = await run(['export', capture, '--to', 'md']);
    expect(code).toBe(0);
  });
});
