import { fixture } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { run } from '../driver.ts';

test.each([
  ['drop', /did not answer tools\/call within 1 s.* \(faults are made on purpose here; --verbose shows which\)$/m],
  ['error=-32000:"out of order"', /-32000: out of order \(faults are made on purpose here; --verbose shows which\)$/m],
])('a call that fails under %s says that faults are made', async (action, said) => {
  const faults = ['--fault', `method:tools/call :: ${action}`];
  const { code, stderr } = await run(['call', ...faults, '--timeout', '1', fixture('echo'), 'echo', 'text=hi']);
  expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(said) });
});
