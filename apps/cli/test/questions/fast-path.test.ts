import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFilter, entrySubject, parseFilter, readCapture } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import { openCapture } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { FindingsByFrame } from '../../src/findings-by-frame.ts';
import { findingsIn } from '../../src/findings-of.ts';
import { logJson } from '../../src/render/log-json.ts';
import { scratch } from '../driver.ts';
import { ask } from './asking.ts';
import { conversation, damage, record } from './random-capture.ts';

const FILTERS = [
  'is:error or is:toolerror',
  'is:noise or is:event',
  'not is:req',
  'kind:response,batch',
  'status:lost,cancelled,orphan,pending',
  'method:tools/*',
  'tool:forecast -is:lost',
  'params.arguments.city=Paris',
  'Paris',
  'res.larger:1k or req.larger:1k',
  'smaller:60',
  'slower:3ms',
  'n:4..20',
  'conn:2',
  'server:notes',
  'id:1 or id:"1"',
  'code:-32602',
  'era:legacy',
  'era:modern or is:probe',
  'is:late',
  'is:injected',
  'is:fault or is:lost',
  'after:10ms before:30ms',
  'result.content[].text~x',
  '/quoted|Paris/',
  'level:error',
  'rule:stdio/*,json-rpc/*',
];

it('finds what a look at every entry finds, in the same words and order', async () => {
  let files = 0;
  await fc.assert(
    fc.asyncProperty(conversation, damage, fc.constantFrom(...FILTERS), async (acts, damaged, filter) => {
      const path = join(scratch, `random-${++files}.mcpcap`);
      record(path, acts);
      writeFileSync(path, damaged(readFileSync(path)));
      const expected = await lookedAt(path, filter).catch((error: unknown) => String(error));
      const { code, stdout } = await ask(['log', '--json', path, filter]);
      expect({ filter, stdout }).toEqual({ filter, stdout: code === 0 ? expected : '' });
    }),
    { numRuns: 100 },
  );
});

/** The log of what a filter lets through, with every entry read whole. */
async function lookedAt(path: string, text: string): Promise<string> {
  const filter = compileFilter(parseFilter(text));
  const byFrame = new FindingsByFrame(await findingsIn(openCapture(path), new CaptureLinter()));
  const findingsOf = (entry: Parameters<typeof byFrame.of>[0]): readonly CaptureFinding[] => byFrame.of(entry);
  let lines = '';
  let openedAt: string | undefined;
  for await (const entry of readCapture(openCapture(path))) {
    if (entry.kind === 'event' && entry.event.t === 'open') openedAt = entry.event.at;
    if (filter.matches(entrySubject(entry, { openedAt, findingsOf }))) lines += logJson(entry);
  }
  return lines;
}
