// Long because it has a table of what JSON is not, at every place.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { outlineOf } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LINE_SCAN_SOURCE_SHA256 } from '../src/node/line-scan-code.ts';
import { WasmLineScan } from '../src/node/wasm-line-scan.ts';
import { PLACES } from '../src/skim/line-scan.ts';
import { Skim } from '../src/skim/skim.ts';

const scan = new WasmLineScan(1024 * 1024);
const skim = new Skim({ scan, makeScan: (bytes) => new WasmLineScan(bytes) });

/** Skims a line that stands somewhere in the memory of the scan, with other bytes around it. */
function skimmed(line: Uint8Array, at = 0): unknown {
  const start = PLACES.first + at;
  scan.memory.fill(0x22, PLACES.first, start + line.length + 200);
  scan.memory.set(line, start);
  return skim.outline(scan.memory, start, start + line.length);
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

function agrees(text: string, at = 0): void {
  const line = new TextEncoder().encode(text);
  expect(skimmed(line, at)).toEqual(outlineOf(readFrame(line)));
}

/** True where the scan is certain of a line. */
function isTaken(line: Uint8Array, at: number): boolean {
  const start = PLACES.first + at;
  scan.memory.fill(0x22, PLACES.first, start + line.length + 200);
  scan.memory.set(line, start);
  return line[0] === 0x7b && scan.line(start, start + line.length) !== 0;
}

function takesOnlyJson(text: string, at: number): void {
  agrees(text, at);
  const frame = readFrame(encoded(text));
  if (frame.kind === 'not-json') expect(isTaken(encoded(text), at), text).toBe(false);
}

interface Edit {
  readonly at: number;
  readonly sign: string;
  readonly how: string;
}

/** A text with one sign more, less or another. */
function edited(text: string, { at, sign, how }: Edit): string {
  const place = at % (text.length + 1);
  const put = how === 'delete' ? '' : sign;
  return text.slice(0, place) + put + text.slice(how === 'insert' ? place : place + 1);
}

/** Lines that are broken exactly where a value of theirs is. */
const AROUND: readonly (readonly [string, string])[] = [
  ['{"jsonrpc":"2.0","id":1,"result":', '}'],
  ['{"jsonrpc":"2.0","id":1,"result": ', ' }'],
  ['{"id":1,"result":{"tools":[', '],"n":{}}}'],
  ['{"id":1,"result":{"a":{"b":{"c":[[1],', ']}}}}'],
  ['{"id":1,"result":{"a":{"b":{"c":', ',"d":[]}}}}'],
  ['{"id":1,"result":{"a":{"b":{"c": ', ' , "d" : [ ] } } } }'],
];

const KEYS = ['id', 'method', 'params', 'result', 'error', 'name', '_meta', 'isError', 'jsonrpc', 'resultType', 'task'];
const MORE_KEYS = [
  'progressToken',
  'requestId',
  'protocolVersion',
  'inputResponses',
  'requestState',
  'arguments',
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/logLevel',
  'io.modelcontextprotocol/subscriptionId',
  '__proto__',
  'code',
  'message',
];
const METHODS = ['tools/call', 'initialize', 'ping', 'notifications/progress', 'notifications/cancelled', 'x'];

const quoted = (text: string): string => JSON.stringify(text);
const escapedKey = (key: string): string =>
  `"${[...key].map((each, index) => (index === 0 ? `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}` : each)).join('')}"`;

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS).map(quoted) },
  { weight: 3, arbitrary: fc.constantFrom(...MORE_KEYS).map(quoted) },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS, ...MORE_KEYS).map(escapedKey) },
  { weight: 1, arbitrary: fc.string().map(quoted) },
);
const scalar = fc.oneof(
  fc.constantFrom(
    '1',
    '0',
    '-1',
    '-0',
    '1.0',
    '1e2',
    '9007199254740993',
    '123456789012345678901',
    'true',
    'false',
    'null',
  ),
  fc
    .constantFrom(...METHODS, 'input_required', 'task', '2026-07-28', '2025-06-18', 'a"b', '\\', 'ü', '\u{1F600}')
    .map(quoted),
  fc.constantFrom('"tools\\/call"', '"\\u0061"', '"}{[]:,"', '"\\\\"', '"\\\\\\""', '""'),
  fc.string({ unit: 'binary', maxLength: 90 }).map(quoted),
);
const space = fc.constantFrom('', '', '', '', ' ', '  ', '\t');

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    scalar,
    fc
      .tuple(fc.array(fc.tuple(space, key, space, space, tie('value'), space), { maxLength: 6 }), space)
      .map(
        ([members, inside]) =>
          `{${inside}${members.map(([a, name, b, c, inner, d]) => `${a}${name}${b}:${c}${inner}${d}`).join(',')}}`,
      ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  ),
}));

/** Objects with spaces all over. */
const spacedObject = fc
  .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 4 })
  .map((each) => JSON.stringify({ id: 1, method: 'ping', ...each }, null, 1).replace(/\n/g, ''));

const object = (keys: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys).map(quoted) }, key), values), {
      maxLength: 7,
    })
    .map((members) => `{${members.map(([name, inner]) => `${name}:${inner}`).join(',')}}`);

/** What is nearly a message, so that the members that matter are there more often than not. */
const message = fc
  .array(
    fc.oneof(
      fc.constant('"jsonrpc":"2.0"'),
      scalar.map((id) => `"id":${id}`),
      fc.oneof(fc.constantFrom(...METHODS).map(quoted), scalar).map((method) => `"method":${method}`),
      object(
        ['name', '_meta', 'progressToken', 'requestId', 'protocolVersion', 'inputResponses'],
        fc.oneof(scalar, object(MORE_KEYS, scalar), value),
      ).map((params) => `"params":${params}`),
      object(['isError', 'resultType', 'task', 'protocolVersion', 'content'], fc.oneof(scalar, value)).map(
        (result) => `"result":${result}`,
      ),
      fc.oneof(fc.constant('null'), value).map((error) => `"error":${error}`),
      fc.tuple(key, value).map(([name, inner]) => `${name}:${inner}`),
    ),
    { maxLength: 7 },
  )
  .map((members) => `{${members.join(',')}}`);

const RUNS = { numRuns: Number(process.env['SKIM_RUNS'] ?? 300) };

describe('Skim', () => {
  it('takes from valid JSON the outline that a reading of the whole gives', () => {
    fc.assert(
      fc.property(message, fc.nat(130), (text, at) => agrees(text, at)),
      RUNS,
    );
  });

  it('does so for any JSON value, and in batches', () => {
    fc.assert(
      fc.property(value, fc.array(message, { maxLength: 3 }), (text, items) => {
        agrees(text);
        agrees(`[${items.join(',')}]`);
        agrees(`{"jsonrpc":"2.0","id":1,"result":${text}}`);
      }),
      RUNS,
    );
  });

  it('reads whole what is broken in the ways that occur', () => {
    const good = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a"}],"isError":true}}';
    const broken = [
      good + good,
      `${good} `,
      `\uFEFF${good}`,
      `${good}\r`,
      good.slice(0, -1),
      good.slice(0, 40),
      `${good}}`,
      good.replace('true', 'NaN'),
      good.replace('true', 'Infinity'),
      good.replace('true', 'True'),
      good.replace('true', 'undefined'),
      good.replaceAll('"', "'"),
      good.replace('"a"', '"a\tb"'),
      good.replace('"a"', '"a\u0000"'),
      good.replace('"a"', '"C:\\Users"'),
      good.replace('"a"', '"\\u12"'),
      good.replace('"a"', '"\\u12g4"'),
      good.replace('"a"', '"\\u00e9\\/\\b\\f\\n\\r\\t\\\\"'),
      good.replace('"id":1,', '"id":1,,'),
      good.replace('true}', 'true,}'),
      good.replace('"id":1', '"id":1{}'),
      good.replace('"jsonrpc"', 'jsonrpc'),
      '{"level":30,"time":1,"msg":"started"}',
      '{}',
      '{',
      '{"',
      '{"id":1,"method":"\\x","params":{}}',
    ];
    for (const text of broken) expect(skimmed(encoded(text)), text).toEqual(outlineOf(readFrame(encoded(text))));
  });

  it('tells messages that were written into one another from a message', () => {
    const one = message.map((text) => text.replace('{', '{"jsonrpc":"2.0","id":7,').replace(/,\}$/, '}'));
    fc.assert(
      fc.property(one, one, fc.nat(), (a, b, at) => {
        const place = at % a.length;
        const line = `${a.slice(0, place)}${b}${a.slice(place)}`;
        agrees(line);
      }),
      RUNS,
    );
  });

  it('takes no line that is not JSON, whichever byte of one is wrong', () => {
    const signs = fc.constantFrom(...'{}[]:,"\\0123456789-+.eEtrufalsn \t\u0001\'x/');
    const edit = fc.record({ at: fc.nat(), sign: signs, how: fc.constantFrom('insert', 'replace', 'delete') });
    const line = fc.oneof(message, message, spacedObject);
    fc.assert(
      fc.property(line, fc.nat(130), fc.array(edit, { minLength: 1, maxLength: 8 }), (text, at, edits) => {
        for (const each of edits) takesOnlyJson(edited(text, each), at);
      }),
      { numRuns: Number(process.env['SKIM_RUNS'] ?? 100) },
    );
  });

  it('takes no line with a sign of JSON where it cannot be', () => {
    const values = [
      '01',
      '-',
      '.5',
      '1.',
      '1e',
      '1e+',
      '+1',
      '-01',
      '1 2',
      'nul',
      'tru',
      'falsee',
      'nulll',
      'tfn',
      '--1',
    ];
    values.push('"a" "b"', '"a":1', ',', '1,', ',1', '[1,]', '[,]', '["a" "b"]', '["a":1]', '[1}', '{1]', '{"a"}');
    values.push(
      '{"x":}',
      '{"x":1 "y":2}',
      '{"x" "y"}',
      '{"x":1,}',
      '{"x","y"}',
      '{"x":1:2}',
      '{:1}',
      '{1:2}',
      '{{}:1}',
    );
    values.push('{"x":1,2}', '{"x":1,2:3}', '{"x":1,"y"}', '{"x":1,[]:3}', '{,}', '{"x":[1],:2}', '[1 [2]]', '[{} {}]');
    for (const broken of values) {
      for (const [start, end] of AROUND) {
        const line = encoded(`${start}${broken}${end}`);
        for (const at of [0, 1, 31, 59, 60, 61, 62, 63]) {
          expect(skimmed(line, at), `${start}${broken}${end}`).toEqual(outlineOf(readFrame(line)));
          expect(isTaken(line, at), `${start}${broken}${end}`).toBe(false);
        }
      }
    }
  });

  it('takes every plain object itself', () => {
    const plain = fc.json({ maxDepth: 6 }).map((text) => `{"id":1,"result":{"a":${text}},"jsonrpc":"2.0"}`);
    fc.assert(
      fc.property(plain, fc.nat(130), fc.nat(3), (text, at, spaces) => {
        const spread = spaces === 0 ? text : JSON.stringify(JSON.parse(text), null, spaces).replace(/\n */g, ' ');
        expect(isTaken(encoded(spread), at), spread).toBe(true);
      }),
      RUNS,
    );
  });

  it('takes lines of any length, wherever they are', () => {
    const long = JSON.stringify({ jsonrpc: '2.0', id: 5, result: { content: 'x"'.repeat(1_000_000), isError: true } });
    const line = new TextEncoder().encode(long);
    expect(skim.outline(line, 0, line.length)).toEqual(outlineOf(readFrame(line)));
    const short = new TextEncoder().encode('{"id":1,"method":"ping"}');
    expect(skim.outline(short, 0, short.length)).toMatchObject({ kind: 'request', id: '1', method: 'ping' });
  });

  it('was made of the source that lies beside it', () => {
    const source = readFileSync(join(import.meta.dirname, '..', 'assembly', 'line-scan.ts'));
    const sha256 = createHash('sha256').update(source).digest('hex');
    expect(sha256, 'run npx tsx scripts/line-scan.ts').toBe(LINE_SCAN_SOURCE_SHA256);
  });
});
