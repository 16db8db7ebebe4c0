import { type Reading, idText, readFrame, readText } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { utf8, wireBytes } from './pieces.ts';

function faultsOf(reading: Reading): readonly string[] {
  return 'faults' in reading ? reading.faults : [];
}

describe('readFrame', () => {
  it('reads whatever the bytes are, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(wireBytes, fc.uint8Array(), fc.string({ unit: 'binary' }).map(utf8)), (bytes) => {
        expect(readFrame(bytes).kind).toBeTypeOf('string');
      }),
    );
  });

  it('reads whatever the JSON is, and keeps its text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const reading = readText(text);
        expect(reading.kind).not.toBe('not-json');
        expect(reading.text).toBe(text);
      }),
    );
  });

  it('reads messages with members of any kind', () => {
    const message = fc.dictionary(
      fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'result', 'error', '__proto__', 'constructor'),
      fc.oneof(
        fc.constantFrom<unknown>('2.0', 1, 1.5, null, {}, [], '', 'x', Number.POSITIVE_INFINITY),
        fc.jsonValue(),
      ),
    );
    fc.assert(
      fc.property(message, (value) => {
        expect(['request', 'notification', 'result', 'error', 'not-json-rpc']).toContain(
          readText(JSON.stringify(value)).kind,
        );
      }),
    );
  });

  it.each([
    [
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      { kind: 'request', id: '1', method: 'ping', params: undefined, faults: [] },
    ],
    [
      '{"jsonrpc":"2.0","method":"x","params":{"a":1}}',
      { kind: 'notification', method: 'x', params: { a: 1 }, faults: [] },
    ],
    ['{"jsonrpc":"2.0","id":"a","result":{}}', { kind: 'result', id: '"a"', result: {}, faults: [] }],
    ['{"jsonrpc":"2.0","id":1,"result":null}', { kind: 'result', result: null }],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}', { kind: 'error', id: 'null', faults: [] }],
    ['{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}', { kind: 'error', id: 'null' }],
    ['{"jsonrpc":"2.0","id":1,"result":1,"error":null}', { kind: 'result', faults: ['result-and-error'] }],
    [
      '{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}',
      { kind: 'error', faults: ['result-and-error'] },
    ],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1.5}}', { kind: 'error', faults: ['error-shape'] }],
    ['{"id":1,"method":"ping"}', { kind: 'request', faults: ['version'] }],
    ['{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}', { kind: 'request', faults: ['params-type'] }],
    ['{"jsonrpc":"2.0","id":null,"method":"x"}', { kind: 'request', id: 'null', faults: ['id-type'] }],
    [
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"x"}',
      { kind: 'request', id: '9007199254740993', faults: ['unsafe-integer'] },
    ],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}', { kind: 'request', id: '2', faults: ['duplicate-key'] }],
    ['{"jsonrpc":"2.0","id":1,"i\\u0064":2,"method":"x"}', { kind: 'request', id: '2', faults: ['duplicate-key'] }],
    ['\u{feff}{"jsonrpc":"2.0","id":1,"method":"x"}', { kind: 'request', faults: ['bom'] }],
    ['{"jsonrpc":"2.0","id":1,"method":"x"}\r', { kind: 'request', faults: ['crlf'] }],
    ['{"jsonrpc":"2.0","id":1,"method":7}', { kind: 'not-json-rpc', reason: '"method" is not a string' }],
    ['{}', { kind: 'not-json-rpc' }],
    ['"text"', { kind: 'not-json-rpc', reason: 'a message is a JSON object' }],
    ['', { kind: 'not-json', reason: 'the line is empty' }],
    ['{"a":', { kind: 'not-json' }],
    ['{"a":1}{"b":2}', { kind: 'not-json' }],
  ])('reads %s', (text, expected) => {
    expect(readFrame(utf8(text))).toMatchObject(expected);
  });

  it('reads half a surrogate pair as JSON has it', () => {
    expect(readText('{"jsonrpc":"2.0","id":"\\ud800","method":"\\udfff"}')).toMatchObject({
      kind: 'request',
      id: '"\\ud800"',
      method: '\udfff',
    });
  });

  it('says that bytes are not UTF-8', () => {
    expect(readFrame(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({
      kind: 'not-json',
      text: undefined,
      reason: 'the bytes are not UTF-8',
    });
  });

  it('reads values nested a million deep', () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(readText(`{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":${deep}}}`)).toMatchObject({
      kind: 'request',
      id: '1',
    });
    expect(readText(`{"a":${deep},"jsonrpc":"2.0","id":${deep},"result":1}`)).toMatchObject({
      kind: 'result',
      faults: ['id-type'],
    });
    expect(readText(deep)).toMatchObject({ kind: 'batch', items: [{ kind: 'not-json-rpc' }] });
    expect(readText(deep.slice(0, -1)).kind).toBe('not-json');
  });

  it('reads each item of a batch with its own text', () => {
    const items = [
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"a"}',
      ' 7',
      '{"jsonrpc":"2.0","id":1,"result":[1,"]"]}',
      '[]',
    ];
    const reading = readText(`[${items.join(' ,')} ]`);
    expect(reading).toMatchObject({
      kind: 'batch',
      items: [
        { kind: 'request', id: '9007199254740993', text: items[0] },
        { kind: 'not-json-rpc', text: '7' },
        { kind: 'result', id: '1', text: items[2] },
        { kind: 'not-json-rpc', text: '[]' },
      ],
    });
    expect(readText('[]')).toMatchObject({ kind: 'batch', items: [] });
  });

  it('finds the same items in a batch as JSON.parse', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), fc.constantFrom(',', ' , ', '\t,\r'), (texts, comma) => {
        const reading = readText(`[${texts.join(comma)}]`);
        expect(reading.kind === 'batch' ? reading.items.map(({ text }) => text) : []).toEqual(texts);
        expect(faultsOf(reading)).toEqual([]);
      }),
    );
  });
});

describe('idText', () => {
  it('keeps the types apart and the values of one type together', () => {
    expect([idText('1'), idText('1.0'), idText('10e-1'), idText('-0')]).toEqual(['1', '1', '1', '0']);
    expect(idText('"1"')).toBe('"1"');
    expect(idText('"\\u0031"')).toBe('"1"');
    expect(idText('9007199254740993')).toBe('9007199254740993');
    expect(idText('9007199254740992')).toBe('9007199254740992');
    expect(idText('0.5')).toBe(idText('5e-1'));
    expect(idText('1e400')).toBe('1e400');
    expect(idText('null')).toBe('null');
    expect(idText('true')).toBe('true');
  });

  it('gives two ids one text exactly when they are one value, if JavaScript can tell', () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
    );
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(idText(JSON.stringify(one)) === idText(JSON.stringify(other))).toBe(one === other);
      }),
    );
  });
});
