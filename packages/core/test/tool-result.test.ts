import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toModelContent } from '../src/tool-result.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const JPEG = base64('\xff\xd8\xff\xe0 and so on');
const GIF = base64('GIF89a and so on');
const WEBP = base64('RIFF\x10\x00\x00\x00WEBPVP8 ');
const PDF = base64('%PDF-1.7\n1 0 obj');
const text = (value: string): object => ({ type: 'text', text: value });

/** The one text of a result with this content, or a failure if it is anything else. */
function only(content: unknown, more: object = {}): string {
  const parts = toModelContent({ content: [content], ...more });
  expect(parts).toEqual([{ type: 'text', text: expect.any(String) }]);
  return (parts[0] as { text: string }).text;
}

describe('text', () => {
  test('is passed on, without what MCP adds to it', () => {
    expect(
      toModelContent({ content: [{ ...text('hi'), annotations: { audience: ['user'] }, _meta: { a: 1 } }] }),
    ).toEqual([text('hi')]);
  });

  test('that is empty or blank is left out, and a result of nothing says so', () => {
    expect(toModelContent({ content: [text(''), text('a'), text(' \n')] })).toEqual([text('a')]);
    for (const nothing of [{ content: [] }, { content: [text('')] }, {}, undefined, null, { content: null }]) {
      expect(toModelContent(nothing)).toEqual([text('(no output)')]);
    }
  });

  test('with half a character in it is made whole', () => {
    expect(only(text('a\ud83d'))).toBe('a\ufffd');
    expect(only(text('🦊'))).toBe('🦊');
  });
});

describe('an image', () => {
  test.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/gif', GIF],
    ['image/webp', WEBP],
  ])('is %s when its bytes are, whatever the label says', (mimeType, data) => {
    for (const label of [mimeType, 'image/bmp', undefined]) {
      expect(toModelContent({ content: [{ type: 'image', mimeType: label, data }] })).toEqual([
        { type: 'image', mimeType, data },
      ]);
    }
  });

  test('is encoded the strict way', () => {
    const loose = PNG.replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
      .replace(/^.{40}/, '$&\r\n');
    expect(toModelContent({ content: [{ type: 'image', mimeType: 'image/png', data: loose }] })).toEqual([
      { type: 'image', mimeType: 'image/png', data: PNG },
    ]);
  });

  test('of another type, mislabelled or too big becomes a line about it', () => {
    expect(only({ type: 'image', mimeType: 'image/svg+xml', data: base64('<svg/>') })).toBe(
      '[image of type image/svg+xml, 6 bytes, which the model cannot read]',
    );
    expect(only({ type: 'image', mimeType: 'image/png', data: base64('no image') })).toContain('cannot read');
    expect(only({ type: 'image', mimeType: 'image/png', data: PNG + 'A'.repeat(6 * 1024 * 1024) })).toMatch(
      /^\[image of type image\/png, \d{7} bytes/,
    );
    expect(only({ type: 'image', mimeType: 'image/png' })).toBe('[image of type image/png, without readable bytes]');
  });

  test('in a failed result becomes a line about it', () => {
    const content = [
      text('It broke'),
      { type: 'image', mimeType: 'image/png', data: PNG },
      { type: 'resource', resource: { uri: 'a', blob: PDF } },
    ];
    expect(toModelContent({ isError: true, content }).map((part) => part.type)).toEqual(['text', 'text', 'text']);
  });
});

describe('other content', () => {
  test('audio becomes a line about it', () => {
    expect(only({ type: 'audio', mimeType: 'audio/wav', data: base64('RIFF....WAVE') })).toBe(
      '[audio of type audio/wav, 12 bytes, which the model cannot read]',
    );
  });

  test('a link keeps all that its server says of it', () => {
    const link = {
      type: 'resource_link',
      uri: 'file:///a.txt',
      name: 'a',
      title: 'The A',
      mimeType: 'text/plain',
      size: 12,
      description: 'About A',
    };
    expect(only(link)).toBe('[link to resource The A: file:///a.txt (text/plain, 12 bytes)]\nAbout A');
    expect(only({ type: 'resource_link', uri: 'x:y', name: 'n' })).toBe('[link to resource n: x:y]');
  });

  test('an embedded text comes with its address', () => {
    expect(only({ type: 'resource', resource: { uri: 'memo://1', mimeType: 'text/plain', text: 'Buy milk' } })).toBe(
      '[resource memo://1]\nBuy milk',
    );
  });

  test('embedded bytes are an image, a document or text if they are that', () => {
    const embedded = (mimeType: string | undefined, blob: string): object => ({
      content: [{ type: 'resource', resource: { uri: 'u', mimeType, blob } }],
    });
    expect(toModelContent(embedded('application/octet-stream', PNG))).toEqual([
      { type: 'image', mimeType: 'image/png', data: PNG },
    ]);
    expect(toModelContent(embedded('application/pdf', PDF))).toEqual([{ type: 'pdf', data: PDF }]);
    expect(toModelContent(embedded('application/ld+json', base64('{"a":1}')))).toEqual([text('[resource u]\n{"a":1}')]);
    expect(toModelContent(embedded('application/zip', base64('PK..')))).toEqual([
      text('[resource u of type application/zip, 4 bytes, which the model cannot read]'),
    ]);
    expect(toModelContent(embedded(undefined, base64('abc')))).toEqual([
      text('[resource u, 3 bytes, which the model cannot read]'),
    ]);
  });

  test('of a type from the future becomes a line about it', () => {
    expect(only({ type: 'hologram', data: 'x' })).toBe('[content of a type unknown here: "hologram"]');
    expect(only(7)).toBe('7');
    expect(only({ type: 'text', text: 5 })).toContain('[text');
  });
});

describe('structured content', () => {
  test('is left out when a text says the same', () => {
    const structuredContent = { a: [1, { b: null }], c: 'x' };
    expect(toModelContent({ content: [text('{"c":"x", "a":[1,{"b":null}]}')], structuredContent })).toHaveLength(1);
    const files = '[FILE] a\n[FILE] b';
    expect(toModelContent({ content: [text(files)], structuredContent: { content: files } })).toEqual([text(files)]);
  });

  test('is added when no text says the same', () => {
    expect(toModelContent({ content: [text('two')], structuredContent: { n: 2 } })).toEqual([
      text('two'),
      text('{"n":2}'),
    ]);
    const more = { content: 'two', n: 2 };
    expect(toModelContent({ content: [text('two')], structuredContent: more })).toHaveLength(2);
    expect(toModelContent({ content: [], structuredContent: [1, 2] })).toEqual([text('[1,2]')]);
    expect(toModelContent({ structuredContent: null })).toEqual([text('null')]);
    expect(toModelContent({ content: [text('0')], structuredContent: false })).toEqual([text('0'), text('false')]);
  });
});

describe('long text', () => {
  const length = (parts: readonly object[]): number =>
    parts.reduce((sum, part) => sum + ((part as { text?: string }).text?.length ?? 0), 0);

  test('loses its middle, and a note says how much', () => {
    const [part] = toModelContent({ content: [text(`start${'x'.repeat(200_000)}end`)] }) as readonly { text: string }[];
    expect(part?.text).toMatch(/^startx+\n\[100008 of 200008 characters left out here\]\nx+end$/);
    expect(part?.text.length).toBeLessThan(100_100);
  });

  test('in many parts is cut as one, and images stay', () => {
    const content = [
      text('a'.repeat(60)),
      { type: 'image', mimeType: 'image/png', data: PNG },
      text('b'.repeat(60)),
      text('c'.repeat(60)),
    ];
    expect(toModelContent({ content }, { textLimit: 100 })).toEqual([
      text(`${'a'.repeat(50)}\n[80 of 180 characters left out here]\n`),
      { type: 'image', mimeType: 'image/png', data: PNG },
      text('c'.repeat(50)),
    ]);
  });

  test('is never much longer than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 }), { maxLength: 8 }), fc.nat(60), (texts, textLimit) => {
        const parts = toModelContent({ content: texts.map(text) }, { textLimit });
        expect(length(parts)).toBeLessThanOrEqual(Math.max(textLimit, '(no output)'.length) + 60);
        expect(parts.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('anything at all becomes content that the API takes', () => {
  const known = fc.record(
    {
      type: fc.constantFrom('text', 'image', 'audio', 'resource', 'resource_link', 'other'),
      text: fc.anything(),
      data: fc.oneof(fc.constantFrom(PNG, PDF, GIF), fc.anything()),
      mimeType: fc.oneof(fc.constant('text/plain'), fc.anything()),
      resource: fc.oneof(
        fc.record(
          { uri: fc.anything(), blob: fc.constantFrom(PNG, PDF, '%'), text: fc.anything() },
          { requiredKeys: [] },
        ),
        fc.anything(),
      ),
    },
    { requiredKeys: ['type'] },
  );
  const result = fc.oneof(
    fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }),
    fc.record(
      {
        content: fc.oneof(fc.array(fc.oneof(known, fc.anything())), fc.anything()),
        structuredContent: fc.anything(),
        isError: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(result, (value) => {
      const parts = toModelContent(value);
      expect(parts.length).toBeGreaterThan(0);
      for (const part of parts) {
        if (part.type === 'text') expect(part.text.trim()).not.toBe('');
        else expect(Buffer.from(part.data, 'base64').toString('base64')).toBe(part.data);
        expect(JSON.stringify(part)).not.toMatch(/(?<!\\)\\ud[89a-f]/);
      }
    }),
    { numRuns: 500 },
  );
});

test('a value nested beyond reason is told, not followed', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(only(text('x'), {})).toBe('x');
  expect(toModelContent({ content: [text('x')], structuredContent: deep })).toEqual([
    text('x'),
    text('[a value that cannot be written as JSON]'),
  ]);
});
