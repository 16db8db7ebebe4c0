import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { CaptureWriter, labelCapture, listCaptures } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { stored } from './storing.ts';
import { decode, inFolder } from './writing.ts';

describe('labelCapture', () => {
  const NAME = '20261120T204000.123Z-weather-4101';

  it('changes the label in the name and nothing else, and the writer goes on', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, `${NAME}.mcpcap`) });
      const path = await labelCapture(writer.path, 'before the fix!');
      expect(path).toBe(join(folder, '20261120T204000.123Z-before-the-fix-4101.mcpcap'));
      writer.connection().read('client', Buffer.from('x'));
      writer.close();
      expect(readdirSync(folder)).toEqual([basename(path)]);
      expect(decode(readFileSync(path)).map(({ t }) => t)).toEqual(['open', 'data', 'close']);
      expect(await labelCapture(path, 'before the fix!')).toBe(path);
    });
  });

  it('makes the label the whole name of a file that was named by a person', async () => {
    await inFolder(async (folder) => {
      const path = await labelCapture(stored(folder, 'x', '2026-11-20T00:00:01.000Z'), 'crash');
      expect(path).toBe(join(folder, 'crash.mcpcap'));
      expect(await listCaptures(folder)).toMatchObject([{ label: 'crash' }]);
    });
  });

  it('never overwrites', async () => {
    await inFolder(async (folder) => {
      const [one, other] = ['one', 'other'].map((name) => stored(folder, name, '2026-11-20T00:00:01.000Z'));
      const before = [one, other].map((path) => readFileSync(path ?? ''));
      await expect(labelCapture(one ?? '', 'other')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
      expect([one, other].map((path) => readFileSync(path ?? ''))).toEqual(before);
    });
  });

  it.each([
    ['an empty label', 'BAD_ARGUMENTS', ' ../..', 'x.mcpcap'],
    ['a missing file', 'NOT_FOUND', 'a', 'missing.mcpcap'],
    ['a folder', 'NOT_A_FILE', 'a', '.'],
    ['another file', 'NOT_A_CAPTURE', 'a', 'notes.mcpcap'],
  ])('refuses %s, and changes nothing', async (_, code, label, name) => {
    await inFolder(async (folder) => {
      stored(folder, 'x', '2026-11-20T00:00:01.000Z');
      writeFileSync(join(folder, 'notes.mcpcap'), 'my notes');
      await expect(labelCapture(join(folder, name), label)).rejects.toMatchObject({ name: 'CaptureError', code });
      expect(readdirSync(folder).toSorted()).toEqual(['notes.mcpcap', 'x.mcpcap']);
    });
  });
});
