import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { jsonLines } from '../driver.ts';
import { ask } from './asking.ts';
import { call, failure, notice, recorded, result, rpc, said } from './recorded.ts';

const US = 'mcp-dbg';
const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'host', version: '1' },
};
const SERVER = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } };

/** What a proxy did that was told to do everything it can: faults of each kind, a crash, and a new process. */
const path = recorded((to) => {
  to.event({ kind: 'spawn', pid: 4102 });
  to.client(rpc(0, 'initialize', INITIALIZE)); // 1
  to.server(result(0, SERVER)); // 2
  to.client(notice('notifications/initialized')); // 3
  to.client(call(1, 'search')); // 4
  to.fault('server', 'corrupt', said(1, 'two hits'));
  to.server('{"jsonrpc":"2.0","id":1,"re\u0000ult":{}}', US); // 5
  to.fault('server', 'delay=2s', said(1, 'two hits'));
  to.client(call(2, 'list')); // 6
  to.server(said(2, 'all')); // 7
  to.pass(2000);
  to.server(said(1, 'two hits'), US); // 8
  to.fault('client', 'error=-32000', call(3, 'search'));
  to.server(failure(3, -32000, 'a fault'), US); // 9
  to.fault('client', 'drop', notice('notifications/roots/list_changed'));
  to.client(call(4, 'crash')); // 10
  to.server(failure(4, -32001, 'The server ended'), US); // 11
  to.event({ kind: 'exit', code: null, signal: 'SIGKILL' });
  to.client(call(5, 'search')); // 12
  to.server(failure(5, -32001, 'The server is down'), US); // 13
  const again = to.connection();
  again.event({ kind: 'spawn', pid: 4103 });
  again.client(rpc('mcp-dbg-1', 'initialize', INITIALIZE), US); // 14
  again.event({
    kind: 'note',
    text: 'swallowed',
    from: 'server',
    original: Buffer.from(`${JSON.stringify(result('mcp-dbg-1', SERVER))}\n`),
  });
  again.client(notice('notifications/initialized'), US); // 15
  again.client(call(6, 'search')); // 16
  again.server(said(6, 'three hits')); // 17
});

describe('a capture of faults and restarts', () => {
  it('is listed with what was done, and what was ours', async () => {
    expect((await ask(['log', path, '-is:event or is:fault or is:injected'])).stdout).toMatchInlineSnapshot(`
      "    #      +time  dir       dur                 size  what
          1     0.002s  <->    1.0 ms        150 B / 135 B  initialize  handshake legacy 2025-11-25
          3     0.004s  -->                           55 B  notifications/initialized
          4     0.005s  <->    2.01 s          89 B / 82 B  tools/call search  {}  answered by mcp-dbg
                0.006s  ***                                 FAULT corrupt: the server's answer to id 1; rule is:any :: corrupt
          5     0.007s  <--                           37 B  NOISE  {"jsonrpc":"2.0","id":1,"re\\u{0}ult":{}}  not a message: Bad control character in string literal in JSON at position 27  by mcp-dbg
                0.008s  ***                                 FAULT delay=2s: the server's answer to id 1; rule is:any :: delay=2s
          6     0.009s  <->    1.0 ms          87 B / 77 B  tools/call list  {}
                2.012s  ***                                 FAULT error=-32000: the client's tools/call search, id 3; rule is:any :: error=-32000
          9     2.013s  <--                           69 B  answer to a request that was not passed on  {"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"a fault"}}  by mcp-dbg
                2.014s  ***                                 FAULT drop: the client's notifications/roots/list_changed; rule is:any :: drop
         10     2.015s  <->    1.0 ms          88 B / 78 B  tools/call crash  {}  error -32001: The server ended  answered by mcp-dbg
         12     2.018s  <->    1.0 ms          89 B / 80 B  tools/call search  {}  error -32001: The server is down  answered by mcp-dbg
         14     2.021s  -->    1.0 ms                160 B  initialize  handshake legacy 2025-11-25  by mcp-dbg, which kept the answer
                2.022s  ***                                 swallowed: the server's answer to id "mcp-dbg-1"
         15     2.023s  -->                           55 B  notifications/initialized  by mcp-dbg
         16     2.024s  <->    1.0 ms          89 B / 84 B  tools/call search  {}
      "
    `);
  });

  it('is counted with the faults', async () => {
    expect((await ask(['stats', path])).stdout).toMatchInlineSnapshot(`
      "  calls  errors  time       p50       p95       p99       max    request     answer  latency               method
            5       2  100%    1.0 ms    1.99 s    1.99 s    2.01 s      442 B      401 B  █              ▂      tools/call
            1       0    0%    1.0 ms    1.0 ms    1.0 ms    1.0 ms      150 B      135 B  █                     initialize

      17 frames in 2.03 s · 6 exchanges · 1 notification · noise: 1 line (37 B) · orphans: 1 · stderr: 0 lines
      in flight at the end: 0 · starts: 2, restarts: 1
        made by mcp-dbg itself, and counted nowhere else: 2 messages
        faults put in on purpose: 4 (corrupt 1, delay=2s 1, error=-32000 1, drop 1)
        at 2.017s server exited: SIGKILL
      "
    `);
    const { stdout } = await ask(['stats', path, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ faults: [{ action: 'corrupt', count: 1 }, {}, {}, {}] });
  });

  it('shows beside a frame what it was, whether it came late, was changed or was answered in place', async () => {
    const around = async (n: number): Promise<string> => {
      const { stdout } = await ask(['show', '--raw', String(n), path]);
      const end = stdout.search(/^(?:during it|findings)$/m);
      return end === -1 ? stdout : stdout.slice(0, end);
    };
    expect(await around(4)).toMatchInlineSnapshot(`
      "#4 --> tools/call search  id 1  at 0.005s  89 B
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{}}}
      #8 <-- answer after 2.01 s  at 2.011s  82 B  by mcp-dbg
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"two hits"}]}}

      not passed on as it came
                0.006s  ***                                 FAULT corrupt: the server's answer to id 1; rule is:any :: corrupt
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"two hits"}]}}
                0.008s  ***                                 FAULT delay=2s: the server's answer to id 1; rule is:any :: delay=2s
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"two hits"}]}}

      "
    `);
    expect(await around(5)).toMatchInlineSnapshot(`
      "#5 <-- noise  at 0.007s  37 B  by mcp-dbg
      {"jsonrpc":"2.0","id":1,"re\\u{0}ult":{}}

      not passed on as it came
                0.006s  ***                                 FAULT corrupt: the server's answer to id 1; rule is:any :: corrupt
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"two hits"}]}}
      "
    `);
    expect(await around(9)).toMatchInlineSnapshot(`
      "#9 <-- response  id 3  orphan  at 2.013s  69 B  by mcp-dbg
      {"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"a fault"}}

      not passed on as it came
                2.012s  ***                                 FAULT error=-32000: the client's tools/call search, id 3; rule is:any :: error=-32000
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":{}}}
      "
    `);
    expect(await around(14)).toMatchInlineSnapshot(`
      "#14 --> initialize  id "mcp-dbg-1"  at 2.021s  160 B  by mcp-dbg
      {"jsonrpc":"2.0","id":"mcp-dbg-1","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"host","version":"1"}}}

      not passed on as it came
                2.022s  ***                                 swallowed: the server's answer to id "mcp-dbg-1"
      {"jsonrpc":"2.0","id":"mcp-dbg-1","result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}}

      "
    `);
    expect(await around(6)).not.toContain('not passed on');
    const { stdout } = await ask(['show', '--json', '5', path]);
    const shown = JSON.parse(stdout) as { readonly done: readonly { readonly raw: string }[] };
    expect(shown.done.map(({ raw }) => JSON.parse(raw) as unknown)).toMatchObject([
      { t: 'fault', action: 'corrupt', original: expect.stringContaining('two hits') as string },
    ]);
  });

  it('blames no peer for it, and still tells how the server ended', async () => {
    const { stdout } = await ask(['lint', '--json', path]);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toEqual(['process/exit-status']);
  });

  it('gives programs whose bytes they are', async () => {
    const lines = jsonLines((await ask(['log', '--json', path])).stdout);
    const ours = lines.filter(({ by, answerBy }) => by !== undefined || answerBy !== undefined);
    expect(ours.map(({ n, by, answerBy, conn }) => [n, by, answerBy, conn])).toEqual([
      [4, undefined, US, undefined],
      [5, US, undefined, undefined],
      [9, US, undefined, undefined],
      [10, undefined, US, undefined],
      [12, undefined, US, undefined],
      [14, US, undefined, 2],
      [15, US, undefined, 2],
    ]);
  });

  it('is found by what was done', async () => {
    const found = async (filter: string): Promise<readonly unknown[]> =>
      jsonLines((await ask(['log', '--json', path, filter])).stdout).map(({ n, raw }) =>
        n === null ? (JSON.parse(String(raw)) as { readonly t: string }).t : n,
      );
    expect(await found('is:fault')).toEqual(['fault', 'fault', 'fault', 'fault']);
    expect(await found('is:injected')).toEqual([4, 'fault', 5, 'fault', 'fault', 9, 'fault', 10, 12, 14, 'note', 15]);
    expect(await found('is:fault list_changed')).toEqual(['fault']);
    expect(await found('is:fault "two hits"')).toEqual(['fault', 'fault']);
  });

  it.each(['json', 'har', 'mermaid', 'md'])('says in an export to %s what was ours', async (format) => {
    const { stdout } = await ask(['export', '--to', format, path]);
    expect(stdout).toMatch(/by.{0,4}mcp-dbg/);
    expect(stdout).toContain('corrupt');
  });

  it('is copied by redact to the same, but for what is secret', async () => {
    const { stdout, stderr } = await ask(['redact', path]);
    expect(stderr).toBe('redacted: nothing that looks like a secret was found\n');
    expect(stdout).toBe(readFileSync(path, 'utf8'));
  });
});
