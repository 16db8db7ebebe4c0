import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exportMermaid } from '../../src/export/export-mermaid.ts';
import { HOSTILE_TEXT } from './hostile.ts';
import { OPEN, type Step, entriesOf, failure, finding, notice, result, rpc, said, textOf } from './made-capture.ts';
import { STORY, STORY_FINDINGS } from './story.ts';

async function diagram(steps: readonly Step[], findings: readonly CaptureFinding[] = []): Promise<readonly string[]> {
  const text = await textOf(exportMermaid(await entriesOf(steps), findings, { fence: false }));
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  for (const line of lines) expect(line).toMatch(LINE);
  return lines;
}

/** A label: plain signs, and entity codes for all others. */
const LABEL = String.raw`(?:[\p{L}\p{M}\p{N} ./_,()=+!?'…-]|#\d+;)+`;

/** Everything that a line of a diagram can be. */
const LINE = new RegExp(
  `^(?:sequenceDiagram|  participant client|  participant s\\d+ as ${LABEL}|  Note over (?:client|s\\d+): ${LABEL}|  (?:client|s\\d+)(?:->>|-->>|-\\)|-x)(?:client|s\\d+): ${LABEL})$`,
  'u',
);

describe('exportMermaid', () => {
  it('draws a story', async () => {
    const text = await textOf(exportMermaid(await entriesOf(STORY), STORY_FINDINGS, { fence: true }));
    await expect(text).toMatchFileSnapshot('golden/story.mermaid.txt');
  });

  it('is a diagram for an empty capture too', async () => {
    expect(await diagram([])).toEqual([
      'sequenceDiagram',
      '  participant client',
      '  participant s1 as server',
      '  Note over client: there are no messages',
    ]);
  });

  it('tells what is asked, answered, said unasked and lost by its arrows', async () => {
    const lines = await diagram([
      said('client', rpc(1, 'ping')),
      said('server', result(1)),
      said('server', notice('notifications/message')),
      said('client', rpc(2, 'tools/call', { name: 'die' })),
      said('client', rpc(3, 'tools/call', { name: 'slow' })),
      said('client', notice('notifications/cancelled', { requestId: 3 })),
      said('server', result(3)),
      said('server', result(9)),
      said('server', result(1)),
      said('server', [notice('a'), notice('b')]),
      { t: 'exit', code: null, signal: 'SIGKILL' },
    ]);
    expect(lines.slice(3)).toEqual([
      '  client->>s1: 1. ping',
      '  s1-->>client: 1. ok, 1.0 ms',
      '  s1-)client: 3. notifications/message',
      '  client-xs1: 4. tools/call die (lost)',
      '  client->>s1: 5. tools/call slow',
      '  client-)s1: 6. notifications/cancelled of 5',
      '  s1-->>client: 5. answered, though cancelled, 2.0 ms',
      '  s1-->>client: 8. answers no request',
      '  s1-->>client: 9. answers 1 once more',
      '  s1-)client: 10. batch',
      '  Note over s1: server was ended by SIGKILL',
    ]);
  });

  it('has one participant for each server, whichever connection it has', async () => {
    const lines = await diagram([
      { t: 'spawn', pid: 1, server: 'notes' },
      { t: 'spawn', pid: 2, server: 'weather', conn: 2 },
      { t: 'exit', code: 0, signal: null },
      { t: 'spawn', pid: 3, server: 'notes', conn: 3 },
      said('client', rpc(1, 'ping'), { conn: 3 }),
      { t: 'gap', reason: 'ENOSPC', since: 0, missed: [], events: 1 },
    ]);
    expect(lines.filter((line) => line.includes('participant'))).toEqual([
      '  participant client',
      '  participant s1 as notes',
      '  participant s2 as weather',
    ]);
    expect(lines.slice(-2)).toEqual([
      '  client->>s1: 1. ping (pending)',
      '  Note over client: GAP (ENOSPC)#58; not recorded#58; 1 events',
    ]);
  });

  it('folds lines of stderr, and noise, in a row', async () => {
    const lines = await diagram([
      said('stderr', 'Traceback\n  at x\nKeyError\n'),
      said('server', 'one\ntwo\n'),
      said('client', 'three\n'),
      said('stderr', 'again\n'),
    ]);
    expect(lines.slice(4)).toEqual([
      '  Note over s1: stderr, 3 lines#58; KeyError',
      '  Note over s1: noise, 2 lines#58; one',
      '  Note over client: noise#58; three',
      '  Note over s1: stderr#58; again',
    ]);
  });

  it('shows the last 60 messages, and says how many there were', async () => {
    const calls = Array.from({ length: 100 }, (_, at) => [said('client', rpc(at, 'ping')), said('server', result(at))]);
    const lines = await diagram(calls.flat(), [finding({ n: 1 }), finding({ n: 199, rule: 'a/b', message: 'late' })]);
    expect(lines[3]).toBe('  Note over client: the last 60 of 200 messages');
    expect(lines.filter((line) => line.includes('>>'))).toHaveLength(60);
    expect(lines.filter((line) => line.includes('error'))).toEqual(['  Note over s1: error a/b#58; late']);
  });

  it('has no line that is not of its grammar, whatever peers write', async () => {
    const text = HOSTILE_TEXT;
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('client', 'server', 'stderr'), text).map(([from, what]) => said(from, `${what}\n`)),
      fc.tuple(fc.constantFrom('client', 'server'), text).map(([from, what]) => said(from, rpc(what, what))),
      fc.tuple(text, text).map(([id, tool]) => said('client', rpc(id, 'tools/call', { name: tool }))),
      text.map((what) => said('server', failure(what, 1, what))),
      text.map((what): Step => ({ t: 'note', text: what })),
    );
    const made = fc.record({ label: text, server: text, message: text, steps: fc.array(step, { maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(made, async ({ label, server, message, steps }) => {
        const all = [{ ...OPEN, label } as Step, { t: 'spawn', pid: 1, server } as Step, ...steps];
        const lines = await diagram(all, [finding({ n: 1, message }), finding({ message })]);
        for (const line of lines) expect(line).not.toMatch(/\bend\b|[;#](?!\d+;)(?<!#\d+;)/iu);
      }),
      { numRuns: 50 },
    );
  });
});
