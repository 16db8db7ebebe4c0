import { VERSIONS } from '@mcp-dbg/protocol';
import { type Family, type Finding, Linter } from '@mcp-dbg/protocol/lint';
import { FrameStream } from '@mcp-dbg/wire';
import { describe, expect, it } from 'vitest';

type Report = Parameters<Family['check']>[0];
type Seen = Parameters<NonNullable<ReturnType<Family['check']>['notification']>>[0];

/** What a linter finds in notifications of the server, a line each, with one more rule that is told as `tell` has it. */
function found(
  lines: number,
  once: 'side' | 'frame' | undefined,
  tell: (report: Report, seen: Seen) => void,
): readonly Finding[] {
  const rule = { title: 'A test', level: 'info', versions: VERSIONS, fix: 'None.', ...(once && { once }) } as const;
  const family: Family = {
    rules: { 'a/rule': rule },
    check: (report) => ({ notification: (seen) => tell(report, seen) }),
  };
  const linter = new Linter({ more: [family] });
  const line = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}\n';
  const frames = new FrameStream().read('server', new TextEncoder().encode(line.repeat(lines)), 0);
  return frames.flatMap((frame) => linter.see(frame)).filter((finding) => finding.rule === 'a/rule');
}

describe('a rule', () => {
  it('is told each time where nothing else is said of it', () => {
    expect(found(5, undefined, (report, seen) => report('a/rule', seen, 'said'))).toHaveLength(5);
  });

  it('that is told once of each side is told once of each subject, too', () => {
    const subjects = found(5, 'side', (report, seen) => {
      for (const about of ['one', 'other']) report('a/rule', seen, about, { about });
    });
    expect(subjects.map(({ message }) => message)).toEqual(['one', 'other']);
    const sides = found(5, 'side', (report, seen) => {
      for (const from of ['client', 'server'] as const) report('a/rule', { ...seen, from }, from);
    });
    expect(sides.map(({ message }) => message)).toEqual(['client', 'server']);
  });

  it('that is told once of each frame is told with the first that breaks it there', () => {
    const told = found(2, 'frame', (report, seen) => {
      for (const message of ['one', 'other']) report('a/rule', seen, message);
    });
    expect(told.map(({ n, message }) => [n, message])).toEqual([
      [1, 'one'],
      [2, 'one'],
    ]);
  });

  it('has its quote looked for only where it is told', () => {
    let looked = 0;
    const quote = (): string => `quote ${++looked}`;
    const told = found(5, 'side', (report, seen) => report('a/rule', seen, 'said', { quote }));
    expect(told.map((finding) => finding.quote)).toEqual(['quote 1']);
    expect(looked).toBe(1);
  });

  it('is told of a thousand subjects at most', () => {
    const told = found(1500, 'side', (report, seen) => report('a/rule', seen, 'said', { about: String(seen.frame.n) }));
    expect(told).toHaveLength(1000);
  });
});
