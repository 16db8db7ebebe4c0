import { secretsOfEnvironment } from '@mcp-dbg/capture/redact';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { redacted, redactor } from './redacting.ts';

const secretKey = fc.constantFrom(
  'password',
  'api_key',
  'X-Api-Key',
  'refreshToken',
  'DB_PASSWORD',
  'cookie',
  'pass',
  'jwt',
);
const plainKey = fc.constantFrom(
  'id',
  'method',
  'name',
  'value',
  'properties',
  'text',
  'requestState',
  'ä"\\',
  'tokens',
  'signature',
);
const saying = fc.constantFrom(
  'token=abc1 b',
  'Authorization: Bearer abc1',
  'x ghp_abcdefgh12 y',
  '{"secret":"abc1"}',
  '"',
  '\\',
  'API_KEY=abc1\nb',
  "'password': 'ab\\'c1'",
  'ü😀\u0007\u2028',
  'https://a:b@c/d',
  'hunter22',
  '«redacted:token:abcd»',
  '-----BEGIN PRIVATE KEY-----\nabc1\n-----END PRIVATE KEY-----',
);
const words = fc.oneof(
  fc.array(saying, { maxLength: 3 }).map((each) => each.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(words, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(secretKey, plainKey, fc.string({ maxLength: 5 })), tie('document'), { maxKeys: 4 }),
    tie('document').map((inner) => JSON.stringify(inner)),
    tie('document').map((inner) => `got ${JSON.stringify(inner)} there`),
  ),
}));
const spaced = fc
  .tuple(document, fc.constantFrom(0, 1, '\t'))
  .map(([value, space]) => JSON.stringify(value, null, space));

const told = { secrets: secretsOfEnvironment({ A_TOKEN: 'hunter22' }), patterns: [/b\d+/] };

/** The keys and the kinds of values of a document, without what its scalars say. */
function structure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structure);
  if (typeof value !== 'object' || value === null) return value === null || value === '' ? value : '';
  return Object.entries(value).map(([key, each]) => [/hunter22|b\d|«/.test(key) ? '' : key, structure(each)]);
}

const SECRET = 's3cretZZ9';
const planted = fc.constantFrom(
  `API_KEY=${SECRET}`,
  `export DB_PASSWORD="${SECRET} x"`,
  `Authorization: Bearer ${SECRET}`,
  `set-cookie: sid=${SECRET}; Path=/`,
  `?token=${SECRET}&a=1`,
  `;Password=${SECRET};`,
  `"password": "${SECRET}"`,
  `'password': '${SECRET}'`,
  `{"credentials":{"u":["${SECRET}"]}}`,
  `{"name":"API_KEY","value":"${SECRET}"}`,
  `{"value":"${SECRET}","name":"X-Api-Key"}`,
  `{"refreshToken":"a\\"${SECRET}"}`,
  `ghp_${SECRET}aaaa`,
  `https://u:${SECRET}@h/`,
  `eyJaaaaaaaa.${SECRET}aaaa.${SECRET}`,
  `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
  `--api-key ${SECRET}`,
  `"pass": "${SECRET}"`,
  `Mcp-Session-Id: ${SECRET}`,
  `&access_token%3D${SECRET}%26a`,
  `[["API_KEY","${SECRET}"]]`,
  `{"tokens":["${SECRET}"]}`,
  `signature=${SECRET}0123456789abcdef`,
  `<secret>${SECRET}</secret>`,
);
const between = fc.constantFrom('\n', ' ', ', ', '\r\n', ' # ', '; ', ' said "hi" ', ' {"a":1} ', " it's ", ' ( ');
const mixed = fc
  .array(fc.tuple(planted, between), { minLength: 1, maxLength: 4 })
  .map((pairs) => pairs.flat().join(''));
const { wrapped } = fc.letrec<{ wrapped: string }>((tie) => ({
  wrapped: fc.oneof(
    { maxDepth: 4 },
    mixed,
    tie('wrapped').map((text) => JSON.stringify({ result: { content: [{ type: 'text', text }] } }, null, 1)),
    tie('wrapped').map((text) => JSON.stringify([text, 1]).replaceAll('/', '\\/')),
    tie('wrapped').map((text) => `log: ${JSON.stringify(text)} end`),
    tie('wrapped').map((text) => `got ${text}`),
  ),
}));

describe('Redactor, whatever the text', () => {
  it('leaves no secret, however it is wrapped and what stands around it', () => {
    fc.assert(
      fc.property(wrapped, (line) => {
        const once = redacted(line, redactor(told));
        expect(once).not.toContain(SECRET);
        expect(redacted(once, redactor(told))).toBe(once);
      }),
    );
  });

  it('keeps JSON valid, with the same keys in the same places', () => {
    fc.assert(
      fc.property(spaced, (line) => {
        const out = JSON.parse(redacted(line, redactor(told)));
        // A string that holds JSON changes inside only; its keys are compared by the same rule, one level up.
        expect(structure(out)).toEqual(structure(JSON.parse(line)));
      }),
    );
  });

  it('leaves nothing of what it was told', () => {
    fc.assert(
      fc.property(spaced, (line) => {
        expect(redacted(line, redactor(told))).not.toContain('hunter22');
      }),
    );
  });

  it('changes nothing more when it redacts again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          spaced,
          words,
          fc.array(words).map((each) => each.join(' ')),
        ),
        (line) => {
          const once = redacted(line, redactor(told));
          expect(redacted(once, redactor(told))).toBe(once);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives different secrets different placeholders and equal ones the same', () => {
    fc.assert(
      fc.property(words, words, secretKey, secretKey, (one, other, key, otherKey) => {
        const by = redactor();
        const [a, b, c] = [{ [key]: one }, { [otherKey]: one }, { [key]: other }].map(
          (each) => Object.values(JSON.parse(redacted(JSON.stringify(each), by)) as object)[0],
        );
        expect(a).toBe(b);
        expect(a === c).toBe(one === other);
      }),
    );
  });

  it('gives back the same bytes where nothing is secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(redactor().redactLine(bytes)).toBe(bytes);
      }),
    );
  });

  it('replaces spans and leaves every byte outside of them', () => {
    const line = fc.tuple(fc.uint8Array({ maxLength: 30 }), spaced, fc.uint8Array({ maxLength: 30 }));
    fc.assert(
      fc.property(line, ([before, text, after]) => {
        const bytes = Buffer.concat([before, Buffer.from(text), after]);
        let at = 0;
        const pieces: Uint8Array[] = [];
        for (const { start, end, bytes: put } of redactor(told).replacements(bytes)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          pieces.push(bytes.subarray(at, start), put);
          at = end;
        }
        pieces.push(bytes.subarray(at));
        expect(Buffer.from(redactor(told).redactLine(bytes))).toEqual(Buffer.concat(pieces));
      }),
    );
  });
});
