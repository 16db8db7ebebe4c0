import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  corrupted,
  glued,
  idTokenOf,
  inflated,
  truncated,
  withBom,
  withCrlf,
  withId,
} from '../../src/faults/change-frame.ts';
import { CORRUPT_WORDS } from '../../src/faults/fault-rule.ts';
import { seededRandom } from '../../src/faults/seeded-random.ts';
import { RelayFrame } from '../../src/relay-frame.ts';

const LF = 0x0a;

/** A line of any bytes; some without a newline, as the last of a stream may be. */
const lines = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.boolean()).map(([bytes, isTerminated]) => {
  const body = bytes.map((byte) => (byte === LF ? 0x20 : byte));
  return new RelayFrame('server', isTerminated ? Uint8Array.from([...body, LF]) : body);
});

const newlines = ({ bytes }: RelayFrame): readonly number[] =>
  [...bytes].flatMap((byte, at) => (byte === LF ? [at - bytes.length] : []));

it('damage is damage, in one place, and neither takes the newline away nor makes another', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom(...CORRUPT_WORDS), fc.nat(), (frame, how, seed) => {
      const damaged = corrupted(frame, how, seededRandom(seed, 0));
      expect(newlines(damaged)).toEqual(newlines(frame));
      expect(damaged.by).toBe('mcp-dbg');
      expect(Math.abs(damaged.bytes.length - frame.bytes.length)).toBeLessThanOrEqual(1);
      const isEmpty = frame.bytes.length === newlines(frame).length;
      if (!isEmpty || how !== 'bit') expect(damaged.bytes).not.toEqual(frame.bytes);
    }),
  );
});

it('whatever the bytes, framing faults change the framing alone', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 80 }), (frame, size) => {
      const body = Buffer.from(frame.bytes).subarray(0, frame.bytes.length - newlines(frame).length);
      expect(Buffer.from(truncated(frame, size).bytes)).toEqual(body.subarray(0, size));
      expect(Buffer.from(glued(frame).bytes)).toEqual(body);
      expect(Buffer.from(withCrlf(frame).bytes)).toEqual(Buffer.concat([body, Buffer.from('\r\n')]));
      expect(Buffer.from(withBom(frame).bytes).subarray(3)).toEqual(Buffer.from(frame.bytes));
      const big = inflated(frame, size);
      expect(big.bytes).toHaveLength(Math.max(size, frame.bytes.length));
      expect(newlines(big)).toEqual(newlines(frame));
    }),
  );
});

it('a message that is filled up, or has another id, says the same beside that', () => {
  const members = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  fc.assert(
    fc.property(members, fc.nat(1e6), fc.nat(2), (result, id, indent) => {
      const text = JSON.stringify({ result, id, jsonrpc: '2.0' }, undefined, indent).replaceAll('\n', ' ');
      const frame = new RelayFrame('server', Buffer.from(`${text}\n`));
      const [message] = frame.messages;
      if (message === undefined) throw new Error('no message');
      expect(idTokenOf(message)).toBe(String(id));
      const other = withId(frame, message, '"other"');
      expect(JSON.parse(Buffer.from(other.bytes).toString())).toEqual({ ...JSON.parse(text), id: 'other' });
      expect(JSON.parse(Buffer.from(inflated(frame, 500).bytes).toString())).toEqual(JSON.parse(text));
    }),
  );
});
