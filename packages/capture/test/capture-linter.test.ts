import type { CaptureRecord, Source, TornStretch } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import type { Family } from '@mcp-dbg/protocol/lint';
import { describe, expect, it } from 'vitest';

type Event = CaptureRecord | TornStretch;

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);
const data = (from: Source, lines: string, conn = 1): Event => ({
  t: 'data',
  seq: 1,
  us: 1,
  conn,
  from,
  bytes: text(lines),
});
const spawn = (conn = 1): Event => ({ t: 'spawn', seq: 1, us: 1, conn, pid: 1 });
const eof = (from: Source, conn = 1): Event => ({ t: 'eof', seq: 1, us: 1, conn, from });
const exit = (conn = 1, code = 0): Event => ({ t: 'exit', seq: 1, us: 1, conn, code, signal: null });
const torn: Event = { t: 'torn', offset: 0, bytes: 10 };
const gap = (conn: number): Event => ({
  t: 'gap',
  seq: 1,
  us: 1,
  reason: 'cap',
  since: 1,
  missed: [{ conn, from: 'client', reads: 1, bytes: 10 }],
  events: 0,
});

const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{}}}\n';
const HALF = '{"jsonrpc":"2.0","id":1,"resu';
const OPENING = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'client', version: '1' } },
})}\n`;

function findingsIn(events: readonly Event[], linter: CaptureLinter = new CaptureLinter()): readonly CaptureFinding[] {
  return [...events.flatMap((event) => linter.push(event)), ...linter.end()];
}

const rulesIn = (...events: readonly Event[]): readonly string[] => findingsIn(events).map(({ rule }) => rule);

describe('a line without an end', () => {
  it('is nobody’s fault where the capture ends before the connection does', () => {
    expect(rulesIn(spawn(), data('client', OPENING), data('server', HALF))).toEqual([]);
    expect(rulesIn(spawn(), data('client', '{"jsonrpc":"2.0","id":1,"meth'))).toEqual([]);
  });

  it('is the server’s fault where it ended its output, or itself', () => {
    for (const end of [eof('server'), exit()])
      expect(rulesIn(spawn(), data('client', OPENING), data('server', HALF), end)).toContain('stdio/interleaved');
  });

  it('lacks no more than its newline where the server was told to end', () => {
    const events = [spawn(), data('client', OPENING), eof('client'), data('server', HALF), exit()];
    const found = findingsIn(events).filter(({ level }) => level !== 'info');
    expect(found.map(({ rule }) => rule)).toEqual(['stdio/newline']);
  });
});

describe('a connection of which bytes are missing', () => {
  it.each([
    ['a tear', torn],
    ['a gap', gap(1)],
    ['a gap of several', gap(0)],
  ])('is not checked after %s, whether it was known before or not', (_, missing) => {
    expect(rulesIn(data('client', CALL))).toContain('lifecycle/initialize-first');
    expect(rulesIn(spawn(), missing, data('client', CALL), eof('server'), exit(1, 1))).toEqual([]);
    expect(rulesIn(missing, data('client', CALL), eof('server'), exit(1, 1))).toEqual([]);
  });

  it('is checked where it began after that', () => {
    expect(rulesIn(torn, spawn(), data('client', CALL))).toContain('lifecycle/initialize-first');
    expect(rulesIn(gap(1), spawn(2), data('client', CALL, 2))).toContain('lifecycle/initialize-first');
  });
});

describe('many connections', () => {
  /** Counts the linters that are made. */
  function counted(): { readonly linter: CaptureLinter; readonly made: () => number } {
    let made = 0;
    const spy: Family = {
      rules: {},
      check: () => {
        made++;
        return {};
      },
    };
    return { linter: new CaptureLinter({ more: [spy] }), made: () => made };
  }

  it('cost nothing until there is something to check', () => {
    const { linter, made } = counted();
    const note = { t: 'note', seq: 1, us: 1, text: 'x' } as const;
    for (let conn = 1; conn <= 1000; conn++)
      for (const event of [{ ...note, conn } as Event, spawn(conn), data('stderr', 'x\n', conn)]) linter.push(event);
    expect(made()).toBe(0);
  });

  it('are checked one after the other, and not all at the same time', () => {
    const { linter, made } = counted();
    for (let conn = 1; conn <= 1000; conn++) linter.push(data('client', CALL, conn));
    const together = made();
    expect(together).toBeGreaterThan(100);
    expect(together).toBeLessThan(1000);
    linter.end();
    for (let conn = 1; conn <= 1000; conn++)
      for (const event of [data('client', CALL, conn), eof('server', conn), exit(conn)]) linter.push(event);
    expect(made()).toBe(together + 1000);
  });

  it('are not checked any further once they ended', () => {
    const ended = [spawn(), data('client', OPENING), eof('client'), eof('server'), exit()];
    const late = [data('client', CALL), data('client', '{"jsonrpc":'), eof('client'), exit()];
    expect(rulesIn(...ended, ...late)).toEqual(rulesIn(...ended));
  });
});

describe('the findings of one rule', () => {
  it('are given a thousand times for a connection, and counted after that', () => {
    const linter = new CaptureLinter();
    const found = findingsIn([data('server', 'x\n'.repeat(200_000)), data('server', 'x\n'.repeat(1500), 2)], linter);
    expect(found).toHaveLength(2000);
    expect([...linter.more]).toEqual([['stdio/not-json', 199_500]]);
  });

  it('in one frame are no more than can be held', () => {
    const batch = `[${Array.from({ length: 50_000 }, () => '{"jsonrpc":"2.0","id":7,"result":[]}').join()}]\n`;
    const linter = new CaptureLinter();
    expect(findingsIn([data('server', batch)], linter).length).toBeLessThan(5000);
    expect(linter.more.get('json-rpc/orphan')).toBeGreaterThan(40_000);
  });
});
