import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answer, ask, client, discovered, findingsIn, lines, opened, server } from './transcript.ts';

const METHODS = ['tools/list', 'tools/call', 'prompts/get', 'prompts/list', 'resources/read', 'completion/complete'];

/** JSON with the names in it that rules look for. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(null, true, 0, '', 'object', 'text', 'image', '#/$defs/a', '(', 'a\u202eb'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...'tools name inputSchema outputSchema properties type $ref $defs a items anyOf required enum pattern'.split(
          ' ',
        ),
        ...'content contents messages structuredContent annotations resource data blob completion values'.split(' '),
        // What breaks the making of text from an object.
        'toString',
        'valueOf',
        '__proto__',
        'length',
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
}));

const listing = (tools: readonly unknown[]): string =>
  lines(opened(), client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools } }));

describe('the linter', () => {
  it('takes any JSON as params and results', () => {
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), value, value, fc.boolean(), (method, params, result, isModern) => {
        const transcript = isModern
          ? lines(discovered(), ask(1, method, Object(params) as object), answer(1, Object(result) as object))
          : lines(opened(), client({ id: 1, method, params }), server({ id: 1, result }));
        for (const { message } of findingsIn(transcript)) expect(message).toMatch(/^The (client|server) /);
      }),
    );
  });

  it('takes schemas and descriptions that are nested without an end', () => {
    // As text: what nests so deep can be read, and not be written.
    const deep = (open: string, close: string): string => `${open.repeat(5000)}{}${close.repeat(5000)}`;
    const schema = `{"type":"object","properties":${deep('{"a":{"properties":', '}}')}}`;
    const tool = `{"name":"a","inputSchema":${schema},"description":${deep('[', ']')}}`;
    const list = `{"jsonrpc":"2.0","id":1,"result":{"tools":[${tool},${tool}]}}`;
    const transcript = lines(opened(), client({ id: 1, method: 'tools/list' }), `< ${list}`);
    expect(findingsIn(transcript).map(({ rule }) => rule)).toContain('schema/depth');
  });

  it('tells the habit of a server once, however often it is seen', () => {
    const again = (id: number): string =>
      lines(
        client({ id, method: 'tools/list' }),
        server({ id, result: { tools: [{ name: 'a.b', inputSchema: { type: 'object' } }] } }),
      );
    const once = findingsIn(lines(opened(), again(1)));
    const often = findingsIn(lines(opened(), ...Array.from({ length: 50 }, (_, index) => again(index + 1))));
    expect(once).not.toEqual([]);
    expect(often.filter(({ rule }) => rule !== 'caching/needless-fetch')).toEqual(once);
  });

  it('tells a bounded number of findings about a list without an end', () => {
    const tools = Array.from({ length: 4000 }, (_, index) => ({ name: `tool number ${index}` }));
    const found = findingsIn(listing(tools));
    expect(found.length).toBeGreaterThan(1000);
    expect(found.length).toBeLessThan(10_000);
  });

  it('says nothing about a call after the list of tools changed', () => {
    const call = (name: string): string =>
      lines(client({ id: 2, method: 'tools/call', params: { name } }), server({ id: 2, result: { content: [] } }));
    const changed = server({ method: 'notifications/tools/list_changed' });
    const list = listing([{ name: 'a', inputSchema: { type: 'object', required: ['b'] } }]);
    const rules = (transcript: string): readonly string[] =>
      findingsIn(transcript, { off: ['schema/*'] }).map(({ rule }) => rule);
    expect(rules(lines(list, call('a')))).toContain('tools/arguments');
    expect(rules(lines(list, call('c')))).toContain('tools/unknown-tool');
    for (const name of ['a', 'c']) expect(rules(lines(list, changed, call(name)))).toEqual(rules(lines(list, changed)));
  });
});
