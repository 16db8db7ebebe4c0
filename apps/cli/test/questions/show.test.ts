import { describe, expect, it } from 'vitest';

import { ask } from './asking.ts';
import { legacyStory, modernStory } from './told-story.ts';

describe('show', () => {
  const [legacy, modern] = [legacyStory(), modernStory()];

  /** What is shown below the frames themselves. */
  async function around(n: number, path: string): Promise<string> {
    const { stdout } = await ask(['show', String(n), path]);
    const at = stdout.search(/^(?:belongs to|during it|findings)$/m);
    return at === -1 ? '' : stdout.slice(at).replaceAll(/^ {4}[A-Za-z].*\n/gm, '');
  }

  it('shows a call whole, and its answer as text where that has lines', async () => {
    expect((await ask(['show', '7', modern])).stdout).toMatchInlineSnapshot(`
      "#7 --> tools/call book  id 2  at 2.008s  391 B
      {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {
          "name": "book",
          "arguments": {
            "city": "Paris"
          },
          "inputResponses": {
            "day": {
              "action": "accept",
              "content": {
                "day": "Monday"
              }
            }
          },
          "requestState": "state-1",
          "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {
              "elicitation": {}
            },
            "io.modelcontextprotocol/clientInfo": {
              "name": "x",
              "version": "1"
            }
          }
        }
      }
      #8 <-- answer after 2.0 ms  at 2.010s  115 B
      {
        "jsonrpc": "2.0",
        "id": 2,
        "result": {
          "resultType": "complete",
          "content": [
            {
              "type": "text",
              "text": "booked:\\n  Monday"
            }
          ]
        }
      }
      as text
      booked:
        Monday

      belongs to
          5     0.006s  <->    1.0 ms        294 B / 247 B  tools/call book  {"city":"Paris"}  round 1

      during it
                2.009s  err                            8 B  booking
      "
    `);
  });

  it('shows it as it crossed the wire', async () => {
    expect((await ask(['show', '--raw', '4', legacy])).stdout).toMatchInlineSnapshot(`
      "#4 --> tools/call forecast  id 2  at 0.005s  135 B
      {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"forecast","arguments":{"city":"Paris"},"_meta":{"progressToken":"p"}}}
      #8 <-- answer after 5.0 ms  at 0.010s  79 B
      {"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"sunny"}]}}

      during it
          5     0.006s  <--                          106 B  notifications/progress  of #4
                0.007s  err                           27 B  asking the weather service
          6     0.008s  <--                           94 B  notifications/message  of #4
          7     0.009s  <--                          106 B  notifications/progress  of #4
      "
    `);
  });

  it('takes the number of an answer, with or without a #', async () => {
    const { stdout } = await ask(['show', '4', legacy]);
    for (const n of ['8', '#8', '#4']) expect((await ask(['show', n, legacy])).stdout).toBe(stdout);
    expect((await ask(['show', legacy, '4'])).stdout).toBe(stdout);
  });

  it('shows the progress, the log messages and the stderr of a call', async () => {
    expect(await around(4, legacy)).toMatchInlineSnapshot(`
      "during it
          5     0.006s  <--                          106 B  notifications/progress  of #4
                0.007s  err                           27 B  asking the weather service
          6     0.008s  <--                           94 B  notifications/message  of #4
          7     0.009s  <--                          106 B  notifications/progress  of #4
      "
    `);
  });

  it('shows what a notification is about, and nothing that came later', async () => {
    expect(await around(5, legacy)).toMatchInlineSnapshot(`
      "belongs to
          4     0.005s  <->    5.0 ms         135 B / 79 B  tools/call forecast  {"city":"Paris"}
      "
    `);
  });

  it('shows what became of a call that was called off', async () => {
    expect(await around(9, legacy)).toMatchInlineSnapshot(`
      "during it
         10     0.012s  -->                          114 B  notifications/cancelled  of #9
         11     0.013s  <--    2.0 ms                 82 B  late answer to tools/call slow  {"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"too late"}]}}  cancelled  of #9

      findings
      info cancellation/answered: The server answered tools/call 1 ms after it had been cancelled
      "
    `);
    expect(await around(11, legacy)).toMatchInlineSnapshot(`
      "belongs to
          9     0.011s  -->                           87 B  tools/call slow  {}  cancelled

      findings
      info cancellation/answered: The server answered tools/call 1 ms after it had been cancelled
      "
    `);
  });

  it('shows an answer that came twice, at the call and by itself', async () => {
    expect(await around(12, legacy)).toMatchInlineSnapshot(`
      "during it
         14     0.016s  <--                           83 B  ORPHAN: no request with its id waits  {"jsonrpc":"2.0","id":4,"result":{"content":[{"type":"text","text":"after all"}]}}  of #12

      findings
      error json-rpc/answered-twice: The server answered tools/call (frame 12, id 4) once more
      "
    `);
    expect(await around(14, legacy)).toMatchInlineSnapshot(`
      "belongs to
         12     0.014s  <->    1.0 ms          87 B / 74 B  tools/call boom  {}  error -32602: no such city

      findings
      error json-rpc/answered-twice: The server answered tools/call (frame 12, id 4) once more
      "
    `);
  });

  it('shows how the server ended before it answered', async () => {
    expect(await around(15, legacy)).toMatchInlineSnapshot(`
      "during it
                0.058s  ***                                 server exited, code 1

      findings
      error process/lost-request: The server ended (status 1) before it answered ping; its stderr ends: asking the weather service
      "
    `);
  });

  it('shows the rounds of a call that needed input', async () => {
    expect(await around(5, modern)).toMatchInlineSnapshot(`
      "during it
          7     2.008s  <->    2.0 ms        391 B / 115 B  tools/call book  {"city":"Paris"}  round 2 of #5
      "
    `);
    expect(await around(7, modern)).toMatchInlineSnapshot(`
      "belongs to
          5     0.006s  <->    1.0 ms        294 B / 247 B  tools/call book  {"city":"Paris"}  round 1

      during it
                2.009s  err                            8 B  booking
      "
    `);
  });

  it('shows what a subscription brought', async () => {
    expect(await around(3, modern)).toMatchInlineSnapshot(`
      "during it
          4     0.005s  <--                          180 B  notifications/subscriptions/acknowledged  of #3
                2.009s  err                            8 B  booking
          9     2.011s  <--                          130 B  notifications/tools/list_changed  of #3
      "
    `);
    expect(await around(9, modern)).toMatchInlineSnapshot(`
      "belongs to
          3     0.004s  -->                          307 B  subscriptions/listen  open: answered when it ends
      "
    `);
  });

  it('gives all of that as one JSON document', async () => {
    const { stdout } = await ask(['show', '7', modern, '--json']);
    expect(stdout.trimEnd()).not.toContain('\n');
    const line = { us: expect.any(Number) as number, kind: expect.any(String) as string };
    const shown = JSON.parse(stdout) as object;
    expect(Object.keys(shown)).toEqual(['exchange', 'belongsTo', 'during', 'left', 'done', 'findings']);
    expect(shown).toMatchObject({
      exchange: { ...line, n: 7, of: 5, round: 2, answer: expect.stringContaining('booked') as string },
      belongsTo: { ...line, n: 5, round: 1 },
      during: [{ ...line, kind: 'stderr', raw: 'booking' }],
      left: 0,
      findings: [],
    });
    const { stdout: found } = await ask(['show', '14', legacy, '--json']);
    expect(JSON.parse(found)).toMatchObject({
      findings: [
        {
          rule: 'json-rpc/answered-twice',
          level: 'error',
          n: 14,
          from: 'server',
          message: expect.any(String) as string,
          spec: expect.stringMatching(/^https:/) as string,
          fix: expect.any(String) as string,
        },
      ],
    });
  });

  it.each([
    [['99'], /There is no frame 99 in this capture: its frames are 1 to 15/],
    [['0'], /Name the number of a frame/],
    [['-1'], /Name the number of a frame/],
    [['1.5'], /Name the number of a frame/],
    [['1e3'], /Name the number of a frame/],
    [[], /Name the number of a frame/],
  ])('says what is wrong with %j', async (words, sentence) => {
    const { code, stdout, stderr } = await ask(['show', ...words, legacy]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});
