import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Approval, ApprovalsFile } from '../../src/approvals/approvals-file.ts';
import { scratch } from '../driver.ts';

function path(): string {
  return join(mkdtempSync(join(scratch, 'approvals-')), 'state', 'approvals.jsonl');
}

function approval(tool: string, more: Partial<Approval> = {}): Approval {
  const server = { name: 'files', command: ['/usr/bin/node', '/srv/files.mjs'] };
  return {
    at: '2026-11-26T18:00:00.000Z',
    server,
    tool,
    definition: { hash: 'a1', parts: { description: tool } },
    ...more,
  };
}

function tools(file: ApprovalsFile): readonly string[] {
  return Array.from(file.approvals.values(), ({ tool }) => tool);
}

describe('what is approved for good', () => {
  test('is in a file that only its owner can read, a line each, and comes back as it was', () => {
    const at = path();
    new ApprovalsFile(at).add(approval('delete'));
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(at)).mode & 0o777).toBe(0o700);
    expect(readFileSync(at, 'utf8')).toBe(
      '{"at":"2026-11-26T18:00:00.000Z","server":"files","command":["/usr/bin/node","/srv/files.mjs"],"tool":"delete","hash":"a1","definition":{"description":"delete"}}\n',
    );
    expect([...new ApprovalsFile(at).approvals.values()]).toEqual([approval('delete')]);
  });

  test('is what was said last, and what is forgotten is gone for those too who have the file open', () => {
    const at = path();
    const [one, other] = [new ApprovalsFile(at), new ApprovalsFile(at)];
    one.add(approval('read'));
    other.add(approval('delete'));
    expect(tools(one)).toEqual(['read', 'delete']);
    other.add(approval('read', { definition: { hash: 'b2', parts: undefined } }));
    one.forget([approval('delete')], '2026-11-26T19:00:00.000Z');
    expect(tools(other)).toEqual(['read']);
    expect([...one.approvals.values()][0]?.definition.hash).toBe('b2');
  });

  test('is of one server: another command, folder or URL is another one, whatever it is called', () => {
    const file = new ApprovalsFile(path());
    file.add(approval('read'));
    for (const server of [
      { name: 'files', command: ['node', 'files.mjs'], folder: '/a' },
      { name: 'files', command: ['node', 'files.mjs'], folder: '/b' },
      { name: 'files', url: 'https://example.org/mcp' },
    ])
      file.add(approval('read', { server }));
    file.forget([approval('read')], '');
    expect(file.approvals.size).toBe(3);
  });

  test('of two chats that write at once is all kept, while others make the file smaller', () => {
    const at = path();
    const chats = [new ApprovalsFile(at), new ApprovalsFile(at), new ApprovalsFile(at)];
    // Every look at a file of so many lines makes a smaller one of it.
    for (let n = 0; n < 2500; n++) {
      chats[n % 3]?.add(approval(`tool ${n % 700}`));
      if (n % 100 === 99) expect(chats[(n + 1) % 3]?.approvals.size).toBe(Math.min(n + 1, 700));
    }
    expect(new Set(tools(new ApprovalsFile(at))).size).toBe(700);
    expect(readFileSync(at, 'utf8').split('\n').length).toBeLessThan(2100);
    expect(readdirSync(dirname(at))).toEqual(['approvals.jsonl']);
  });

  test('that others could have written, or that is a link, is not believed', () => {
    const at = path();
    const file = new ApprovalsFile(at);
    file.add(approval('read'));
    chmodSync(at, 0o622);
    expect(() => new ApprovalsFile(at).approvals).toThrow(/others can write to it/);
    expect(() => new ApprovalsFile(at).add(approval('x'))).toThrow(/others can write to it/);
    const link = join(dirname(at), 'link');
    symlinkSync(at, link);
    expect(() => new ApprovalsFile(link).approvals).toThrow(/not a regular file/);
    expect(() => new ApprovalsFile(link).add(approval('x'))).toThrow(/not a regular file/);
  });

  test('of a file that was cut off in the middle of a line is all but that line', () => {
    const at = path();
    const file = new ApprovalsFile(at);
    file.add(approval('one'));
    appendFileSync(at, '{"at":"2026-11');
    file.add(approval('two'));
    expect(tools(file)).toEqual(['one', 'two']);
  });

  test('keeps hostile names, and nothing raw of them', () => {
    const at = path();
    const file = new ApprovalsFile(at);
    const evil = '\u001b[2J\u202e"\n{"tool":"all"}';
    file.add(approval(evil));
    expect(tools(file)).toEqual([evil]);
    expect(readFileSync(at, 'utf8')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(() => file.add(approval('x'.repeat(2000)))).toThrow(/too long/);
  });

  test('is nothing of lines that say something else, and they do no harm', () => {
    const at = path();
    const file = new ApprovalsFile(at);
    file.add(approval('good'));
    const good = readFileSync(at, 'utf8');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string()), { maxLength: 8 }), (lines) => {
        writeFileSync(at, `${lines.map((line) => line.replaceAll('\n', ' ')).join('\n')}\n${good}`);
        expect(tools(new ApprovalsFile(at))).toEqual(['good']);
      }),
      { numRuns: 50 },
    );
  });
});
