import { join } from 'node:path';

import { MAX_DATA_BYTES, readCapture, writeRecords } from '@mcp-dbg/capture';
import { CaptureLinter } from '@mcp-dbg/capture/lint';
import { statsOfFile } from '@mcp-dbg/capture/node';
import { Redactor, redactRecords } from '@mcp-dbg/capture/redact';
import { expect, test } from 'vitest';

import { type Step, decode, inFolder, record } from './writing.ts';

const url = 'http://127.0.0.1:3000/mcp';
const secret = 'sk-ant-0123456789abcdef0123456789';
const lists = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const calls = `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a","arguments":{"api_key":"${secret}"}}}`;
const answer = `{\n  "jsonrpc": "2.0",\n  "id": 1,\n  "result": { "tools": [] }\n}\n`;

const begins: Step = { event: { kind: 'connect', url } };
const over = (status: number): Step => ({ event: { kind: 'http', method: 'POST', url, status } });
const said = (from: 'client' | 'server', text: string): Step => ({ from, bytes: Buffer.from(text) });

/** Messages that end without newlines and hold some, an error's page, and an end with a question open. */
const story: readonly Step[] = [
  begins,
  said('client', lists),
  over(200),
  said('server', answer),
  said('client', calls),
  over(500),
  said('server', '<html>\n<p>no</p>\n</html>'),
  { event: { kind: 'http', method: 'GET', url, error: 'ECONNREFUSED' } },
  { event: { kind: 'disconnect' } },
];

test('over HTTP a message is a message, newlines and all, for every reader', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'http.mcpcap');
    const records = decode(record(path, story));
    const exchanges = [];
    const events = [];
    for await (const entry of readCapture(records)) {
      if (entry.kind === 'exchange') exchanges.push(entry.exchange);
      if (entry.kind === 'event') events.push(entry.event);
    }
    expect(exchanges.map(({ n, kind, status }) => [n, kind, status])).toEqual([
      [1, 'request', 'ok'],
      [3, 'request', 'lost'],
      [4, 'noise', undefined],
    ]);
    expect(Buffer.from(exchanges[0]?.answer?.bytes ?? []).toString()).toBe(answer.trimEnd());
    expect(events).toContainEqual(expect.objectContaining({ t: 'connect', url }));
    expect(events).toContainEqual(expect.objectContaining({ t: 'http', method: 'GET', url, error: 'ECONNREFUSED' }));
    // The fast reading counts what the careful one gives.
    expect(await statsOfFile(path)).toMatchObject({ frames: 4, starts: 1 });

    const linter = new CaptureLinter();
    const findings = [...records.flatMap((each) => [...linter.push(each)]), ...linter.end()];
    expect(findings.filter(({ rule }) => /^(?:stdio|process)\//.test(rule))).toEqual([]);

    const hidden = [];
    const redacted = redactRecords(records, new Redactor({ fingerprint: () => 'abcd' }));
    for await (const chunk of writeRecords(redacted)) hidden.push(chunk);
    const text = Buffer.concat(hidden).toString();
    expect(text).not.toContain(secret);
    expect(text).toContain(answer);
  });
});

test('a message that is longer than a record comes out whole', async () => {
  await inFolder(async (folder) => {
    const long = Buffer.alloc(MAX_DATA_BYTES + 5, '\n');
    long.write('{"jsonrpc":"2.0","method":"notifications/x"}');
    const steps = [begins, { from: 'server', bytes: long } as const, said('server', '{"jsonrpc":"2.0","method":"y"}')];
    const sizes = [];
    for await (const entry of readCapture(decode(record(join(folder, 'long.mcpcap'), steps)))) {
      if (entry.kind === 'exchange') sizes.push([entry.exchange.method, entry.exchange.frame.bytes.length]);
    }
    expect(sizes).toEqual([
      ['notifications/x', MAX_DATA_BYTES + 4],
      ['y', 30],
    ]);
  });
});
