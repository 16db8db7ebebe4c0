import { type Contract, type Finding, Linter, contract } from '@mcp-dbg/protocol/lint';
import { describe, expect, it } from 'vitest';

import { client, findingsIn, lines, opened, server } from './transcript.ts';

const calls = (tool: string, id = 1): string =>
  client({ id, method: 'tools/call', params: { name: tool, arguments: {} } });
const answers = (id = 1): string => server({ id, result: { content: [] } });
const ofContract = (found: readonly Finding[]): readonly string[] =>
  found.flatMap(({ rule, message }) => (rule.startsWith('contract/') ? [`${rule}: ${message}`] : []));
const runs = (terms: Contract, ...transcripts: readonly string[]): readonly string[] => [
  ...transcripts.flatMap((each) => ofContract(findingsIn(each, { more: [terms] }))),
  ...ofContract(terms.unmet()),
];

describe('the contract of a run', () => {
  it('is kept where expected tools are called, forbidden ones are not, and all are fast', () => {
    const terms = contract({ expectTools: ['book'], forbidTools: ['pay'], maxMs: 1000 });
    expect(runs(terms, lines(opened(), calls('book'), answers()))).toEqual([]);
  });

  it('expects a tool to be called on any one of the connections', () => {
    const terms = contract({ expectTools: ['book', 'pay', 'rate'] });
    const found = runs(terms, lines(opened(), calls('book')), lines(opened(), calls('pay')));
    expect(found).toEqual(['contract/expected-tool: The client never called rate, which is expected']);
  });

  it('tells a forbidden call where it is made', () => {
    const terms = contract({ forbidTools: ['pay'] });
    const [found] = findingsIn(lines(opened(), calls('pay'), answers()), { more: [terms] });
    expect(found).toMatchObject({ rule: 'contract/forbidden-tool', level: 'error', n: 4, from: 'client' });
  });

  it('takes time from the last byte of the request to the last byte of the answer', () => {
    const slow = lines(opened(), calls('book'), '! wait', answers());
    expect(runs(contract({ maxMs: 5000 }), slow)).toEqual([
      'contract/max-duration: The server took 5002 ms for book, and 5000 ms are allowed',
    ]);
    expect(runs(contract({ maxMs: 5002 }), slow)).toEqual([]);
  });

  it('can be switched off, rule by rule', () => {
    const linter = new Linter({ more: [contract({ forbidTools: ['pay'] })], off: ['contract/*'] });
    const bytes = new TextEncoder().encode(calls('pay').slice(2));
    const found = linter.see({ n: 1, from: 'client', us: 0, endUs: 0, bytes, terminated: true });
    expect(ofContract(found)).toEqual([]);
  });
});
