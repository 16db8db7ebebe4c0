import { describe, expect, it } from 'vitest';

import { ask } from './asking.ts';
import { call, recorded } from './recorded.ts';

/** A line of five million characters, most of them tokens of their own. */
const LINE = `{"jsonrpc":"2.0","id":1,"result":{"x":[${'1,'.repeat(2_500_000)}1]}}`;

describe('a line of 5 MB', () => {
  const path = recorded((to) => {
    to.client(call(1, 'forecast'));
    to.server(LINE);
  });

  it('is not set in, which would take a hundred times its memory', async () => {
    for (const words of [
      ['show', '1', path],
      ['log', '-vv', path],
    ])
      expect((await ask(words)).stdout.includes(LINE)).toBe(true);
  });

  it('is dumped up to its first MiB', async () => {
    const { stdout } = await ask(['log', '-vvv', path, 'is:req']);
    expect(stdout).toMatch(/000ffff0 {2}[^\n]*\n +… 4\.0 MB more; mcp-dbg show --raw has all\n$/);
    expect(stdout).not.toContain('00100000');
  });

  it('is whole in JSON, and found by what stands at its end', async () => {
    const { stdout } = await ask(['log', '--json', path, 'kind:request']);
    expect((JSON.parse(stdout) as { readonly answer: string }).answer === LINE).toBe(true);
    expect((await ask(['log', '--json', path, '1,1]}}'])).stdout).toBe(stdout);
  });
});
