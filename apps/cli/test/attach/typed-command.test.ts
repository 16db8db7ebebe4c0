import fc from 'fast-check';
import { expect, test } from 'vitest';

import { replyTemplate } from '../../src/attach/reply-template.ts';
import { type TypedCommand, typedCommand } from '../../src/attach/typed-command.ts';

const READ: Readonly<Record<string, TypedCommand>> = {
  '': { kind: 'nothing' },
  'a 1': { kind: 'accept', numbers: [1] },
  ' accept #1, 2  3 ': { kind: 'accept', numbers: [1, 2, 3] },
  d: { kind: 'drop', numbers: [] },
  '/s 4': { kind: 'show', numbers: [4] },
  e: { kind: 'edit', number: undefined, text: undefined },
  'e 3': { kind: 'edit', number: 3, text: undefined },
  'e 3 {"a":  1}': { kind: 'edit', number: 3, text: '{"a":  1}' },
  'E 3 two\nlines': { kind: 'edit', number: 3, text: 'two\nlines' },
  'r 2 {"error":{}}': { kind: 'reply', number: 2, text: '{"error":{}}' },
  'r [1]': { kind: 'reply', number: undefined, text: '[1]' },
  'add client {"x":1}': { kind: 'add', to: 'client', text: '{"x":1}' },
  all: { kind: 'all' },
  '?': { kind: 'help' },
  wait: { kind: 'wait' },
  exit: { kind: 'quit' },
};

test.for(Object.entries(READ))('%j is read as what it means', ([line, command]) => {
  expect(typedCommand(line)).toEqual(command);
});

test.for(['a one', 'e one', 'e 3x', 'all of it', 'add {"x":1}', 'add client', 'constructor', 'a 12345678901'])(
  '%j is told to be wrong, and nothing is done',
  (line) => {
    expect(typedCommand(line)).toMatchObject({ kind: 'misuse', message: expect.stringMatching(/./) });
  },
);

test('any line is read without throwing', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'aedrs add client 12#,{}"\n') })),
      (line) => {
        expect(typedCommand(line).kind).toBeTruthy();
      },
    ),
  );
});

test('the template of an answer is JSON with the id as it is, in the words of the era', () => {
  const id = '12345678901234567890';
  const legacy = replyTemplate({ id, method: 'tools/call' }, '{"method":"tools/call"}');
  expect(legacy).toContain(`"id": ${id},`);
  expect(JSON.parse(legacy)).toHaveProperty('result.content');
  const modern = '{"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}';
  expect(JSON.parse(replyTemplate({ id: '1', method: 'x' }, modern))).toMatchObject({
    result: { resultType: 'complete' },
  });
  expect(JSON.parse(replyTemplate({ id: '"a"', method: 'x' }, '{}'))).toEqual({ jsonrpc: '2.0', id: 'a', result: {} });
});
