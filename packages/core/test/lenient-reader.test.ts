import { type Frame, FrameStream, readFrame } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { LenientReader } from '../src/lenient-reader.ts';

interface Read {
  /** The messages found, as `kind id` or `kind method`. */
  readonly found: readonly string[];
  readonly rules: readonly string[];
}

function read(bytes: string | Uint8Array, ofLines = true): Read {
  const stream = new FrameStream();
  const frames = stream.read('server', Buffer.from(bytes), 0);
  const last = stream.end('server', 0);
  const reader = new LenientReader({ ofLines });
  const recovered = [...frames, ...(last === undefined ? [] : [last])].flatMap((frame) =>
    reader.read(frame, readFrame(frame.bytes)),
  );
  return {
    found: recovered.map(({ message }) => `${message.kind} ${'id' in message ? message.id : message.method}`),
    rules: recovered.flatMap(({ finding }) => (finding === undefined ? [] : [finding.rule])),
  };
}

const answer = (id: number, result: unknown = {}): string => JSON.stringify({ jsonrpc: '2.0', id, result });

test.each([
  ['cut at its end', answer(1), ['result 1']],
  ['cut in the middle, and the next one', `{\n${answer(1)}\n`, ['result 1']],
  ['in the text of a page', `<p>${answer(1)}</p>\n`, []],
  ['spread over what are not lines of it', `{\n"jsonrpc":"2.0","id":1,"result":{}\n}\n`, []],
])('of frames that were sent one by one, nothing is said of lines: %s', (_, bytes, found) => {
  expect(read(bytes, false)).toEqual({ found, rules: [] });
});

describe('a message is found', () => {
  test.each([
    ['as it should be', `${answer(1)}\n`, []],
    ['after a byte order mark', `\uFEFF${answer(1)}\n`, ['stdio/utf-8']],
    ['after noise on its line', `Loading models... ${answer(1)}\n`, ['stdio/one-message-a-line']],
    ['before noise on its line', `${answer(1)} done\n`, ['stdio/one-message-a-line']],
    ['after noise with braces', `{ready} {"a":1} ${answer(1)}\n`, ['stdio/one-message-a-line']],
    [
      'written by a JSON library that puts spaces',
      '> { "jsonrpc": "2.0", "id": 1, "result": {} }\n',
      ['stdio/one-message-a-line'],
    ],
    ['without "jsonrpc"', '{"id":1,"result":{}}\n', ['json-rpc/version']],
    [
      'with both "result" and "error":null',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":null}\n',
      ['json-rpc/result-or-error'],
    ],
    ['in a batch', `[${answer(1)}]\n`, ['json-rpc/no-batch']],
    ['without a newline at the end of the stream', answer(1), ['stdio/newline']],
    ['pretty-printed', `${JSON.stringify(JSON.parse(answer(1)), undefined, 2)}\n`, ['stdio/one-message-a-line']],
    [
      'pretty-printed with values alone on their lines',
      `${JSON.stringify(JSON.parse(answer(1, { list: ['a', 1, {}, [], null, [[]]] })), undefined, 2)}\n`,
      ['stdio/one-message-a-line'],
    ],
    [
      'pretty-printed with CRLF',
      `${JSON.stringify(JSON.parse(answer(1)), undefined, 2).replaceAll('\n', '\r\n')}\r\n`,
      ['stdio/one-message-a-line'],
    ],
    [
      'pretty-printed in a batch',
      `${JSON.stringify([JSON.parse(answer(1))], undefined, 2)}\n`,
      ['stdio/one-message-a-line'],
    ],
    ['after an opening bracket that came to nothing', `{\nnot a message\n${answer(1)}\n`, []],
  ])('%s', (_, text, rules) => {
    expect(read(text)).toEqual({ found: ['result 1'], rules });
  });

  test('beside others on one line, and that is said once', () => {
    expect(read(`a ${answer(1)} b ${answer(2)}${answer(3)} c\n`)).toEqual({
      found: ['result 1', 'result 2', 'result 3'],
      rules: ['stdio/one-message-a-line'],
    });
  });

  test('with both "result" and "error" as the error', () => {
    expect(read('{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}\n').found).toEqual(['error 1']);
  });
});

describe('noise gives no message', () => {
  test.each([
    ['nothing', ''],
    ['a banner', 'Server v1.2.3 ready on stdio\n'],
    ['JSON that is no JSON-RPC', '{"level":"info","msg":"ready"}\n[1,2]\n"x"\n'],
    ['a torn message', '{"jsonrpc":"2.0","id":1,"result":{"proto\n'],
    ['a pretty-printed log record', '{\n  "level": "info"\n}\n'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x0a])],
    ['a quoted message inside a string', `${JSON.stringify({ text: answer(1) })}\n`],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual({ found: [], rules: [] });
  });
});

describe('whatever the bytes are', () => {
  test('reading never throws', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom('{\n', '}\n', '[\n', ']\n', `${answer(1)}\n`, '{"jsonrpc":', '"id"', '\n', '\uFEFF')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(read(Buffer.concat(pieces)).found.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('a message that stands alone on its line is found, in order, whatever noise is around it', () => {
    // A lone bracket begins a message over several lines, which noise cannot be told from.
    const noise = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\n{}[\]]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, fc.nat())), (lines) => {
        const text = lines.map(([before, id]) => `${before}\n${answer(id)}\n`).join('');
        expect(read(text).found).toEqual(lines.map(([, id]) => `result ${id}`));
      }),
    );
  });

  test('what is held of a message over several lines is bounded', () => {
    const reader = new LenientReader({ ofLines: true });
    const line = Buffer.from('x'.repeat(1024 * 1024));
    const give = (bytes: Uint8Array): number => {
      const frame: Frame = { n: 1, from: 'server', us: 0, endUs: 0, bytes, terminated: true };
      return reader.read(frame, readFrame(frame.bytes)).length;
    };
    give(Buffer.from('{'));
    for (let lines = 0; lines < 40; lines++) give(line);
    expect(give(Buffer.from(answer(1)))).toBe(1);
  });
});
