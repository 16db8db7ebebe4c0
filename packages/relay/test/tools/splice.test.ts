import { readText } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { withTools, withToolsCapability } from '../../src/tools/splice.ts';

const OURS = ['{"name":"ours"}', '{"name":"ours too"}'];

/** Members that may stand anywhere beside what is looked for, with keys that look like it. */
const others = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('tools', 'result', 'capabilities')), fc.jsonValue());
const spaces = fc.constantFrom(undefined, 1, '\t', '\r');

function answerOf(text: string): Parameters<typeof withTools>[0] {
  const reading = readText(text);
  if (reading.kind !== 'result') throw new Error(`No answer: ${text}`);
  return reading;
}

/** What was put into a text: everything between what it begins and what it ends with. */
function inserted(before: string, after: string): string {
  let start = 0;
  while (before[start] === after[start] && start < before.length) start++;
  for (; start >= 0; start--) {
    const more = after.length - before.length;
    if (before === after.slice(0, start) + after.slice(start + more)) return after.slice(start, start + more);
  }
  throw new Error(`More than one place differs: ${before} ${after}`);
}

describe('what is put into the answers of a server', () => {
  it('is a list with our tools at its end, and not a byte of it is another', () => {
    const list = fc.record({
      tools: fc.array(fc.jsonValue()),
      before: others,
      after: others,
      outer: others,
      space: spaces,
    });
    fc.assert(
      fc.property(list, ({ tools, before, after, outer, space }) => {
        const result = { ...before, tools, x: { ...after } };
        const text = JSON.stringify({ outer, jsonrpc: '2.0', id: 1, result }, undefined, space);
        const spliced = withTools(answerOf(text), OURS) ?? '';
        expect(JSON.parse(spliced)).toEqual(
          JSON.parse(
            JSON.stringify({
              outer,
              jsonrpc: '2.0',
              id: 1,
              result: { ...result, tools: [...tools, { name: 'ours' }, { name: 'ours too' }] },
            }),
          ),
        );
        expect(inserted(text, spliced)).toHaveLength(spliced.length - text.length);
      }),
    );
  });

  it('is the word that there are tools, unless the server says so itself', () => {
    const said = fc.record({ capabilities: others, before: others, space: spaces });
    fc.assert(
      fc.property(said, ({ capabilities, before, space }) => {
        const { tools, ...rest } = capabilities;
        const result = { ...before, capabilities: rest, id: '{"capabilities":{}}' };
        const text = JSON.stringify({ jsonrpc: '2.0', result, id: 1 }, undefined, space);
        const spliced = withToolsCapability(answerOf(text)) ?? '';
        expect((JSON.parse(spliced) as { readonly result: unknown }).result).toEqual(
          JSON.parse(JSON.stringify({ ...result, capabilities: { ...rest, tools: {} } })),
        );
        const told = JSON.stringify({ jsonrpc: '2.0', result: { capabilities: { tools: {} }, tools }, id: 1 });
        expect(withToolsCapability(answerOf(told))).toBeUndefined();
      }),
    );
  });

  it('is nothing where there is no list', () => {
    for (const result of ['{}', '{"tools":{}}', '{"x":{"tools":[]}}', '"[{\\"tools\\":[]}"', 'null', '[{"tools":[]}]'])
      expect(withTools(answerOf(`{"jsonrpc":"2.0","id":1,"result":${result}}`), OURS), result).toBeUndefined();
  });
});
