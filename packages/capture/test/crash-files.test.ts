import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  MAX_CRASH_REPORTS,
  captureOfCrashReport,
  crashReportFiles,
  crashReportPath,
  labelCapture,
  pruneCaptures,
  pruneOldCaptures,
} from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { deadPid, stored } from './storing.ts';
import { inFolder } from './writing.ts';

describe('the crash reports of a capture', () => {
  it('are named after it', async () => {
    expect(crashReportPath('/a/x.mcpcap', 3)).toBe('/a/x.crash-3.json');
    expect(crashReportPath('/a/x.log', 1)).toBe('/a/x.log.crash-1.json');
    expect(captureOfCrashReport('/a/x.crash-12.json')).toBe('/a/x.mcpcap');
    for (const path of ['/a/x.json', '/a/x.crash-0.json', '/a/x.crash-100.json', '/a/x.crash-1.json.tmp'])
      expect(captureOfCrashReport(path)).toBeUndefined();
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'x.crash-1.json'), '12345');
      mkdirSync(join(folder, 'x.crash-2.json'));
      writeFileSync(join(folder, 'x.mcpcap'), '');
      const files = (await crashReportFiles(folder)).map(({ path }) => path).toSorted();
      expect(files).toEqual([join(folder, 'x.crash-1.json'), join(folder, 'x.crash-2.json')]);
      expect(await crashReportFiles(join(folder, 'nowhere'))).toEqual([]);
    });
  });

  it('count as a part of it, and are deleted with it and with no other', async () => {
    await inFolder(async (folder) => {
      const pid = await deadPid();
      const young = stored(folder, 'young', '2026-11-20T00:00:02.000Z', { pid });
      const old = stored(folder, 'old', '2026-11-20T00:00:01.000Z', { pid });
      for (const n of [1, MAX_CRASH_REPORTS]) writeFileSync(crashReportPath(old, n), 'x'.repeat(10_000));
      writeFileSync(crashReportPath(young, 1), 'x');
      // Without the reports both captures would fit.
      expect(await pruneCaptures(folder, 10_000)).toEqual([old]);
      expect(existsSync(crashReportPath(old, 1)) || existsSync(crashReportPath(old, MAX_CRASH_REPORTS))).toBe(false);
      expect(existsSync(crashReportPath(young, 1))).toBe(true);
      const dry = await pruneOldCaptures(folder, { before: Date.now(), dryRun: true });
      expect(dry.deleted).toHaveLength(1);
      expect(existsSync(crashReportPath(young, 1))).toBe(true);
      await pruneOldCaptures(folder, { before: Date.now() });
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('get its new label', async () => {
    await inFolder(async (folder) => {
      const old = stored(folder, 'weather', '2026-11-20T00:00:01.000Z', { pid: await deadPid() });
      writeFileSync(crashReportPath(old, 2), 'x');
      const path = await labelCapture(old, 'before-fix');
      expect(existsSync(crashReportPath(path, 2))).toBe(true);
      expect(existsSync(crashReportPath(old, 2))).toBe(false);
    });
  });
});
