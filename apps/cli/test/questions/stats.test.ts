import { describe, expect, it } from 'vitest';

import { ask } from './asking.ts';
import { legacyStory, modernStory } from './told-story.ts';

describe('stats', () => {
  it('tells the counts, the times, what was not answered, and what the tools cost', async () => {
    expect((await ask(['stats', modernStory()])).stdout).toMatchInlineSnapshot(`
      "  calls  errors  time       p50       p95       p99       max    request     answer  latency               method
            2       0   60%    1.0 ms    2.0 ms    2.0 ms    2.0 ms      685 B      362 B  █              █      tools/call
            1       0   20%    1.0 ms    1.0 ms    1.0 ms    1.0 ms      256 B      163 B  █                     server/discover
            1       0   20%    1.0 ms    1.0 ms    1.0 ms    1.0 ms      251 B      151 B  █                     tools/list
            1       0                                                    307 B        0 B                        subscriptions/listen

      11 frames in 2.01 s · 5 exchanges · 2 notifications · noise: 0 lines · orphans: 0 · stderr: 1 line
      in flight at the end: 0 · starts: 1, restarts: 0

      context cost 1 tool: 47 B, about 12 tokens (bytes / 4); fetched 1 time
           47 B      12 tokens  book
      "
    `);
    expect((await ask(['stats', legacyStory(), '--by', 'tool'])).stdout).toMatchInlineSnapshot(`
      "  calls  errors  time       p50       p95       p99       max    request     answer  latency               tool
            1       0   83%    5.0 ms    5.0 ms    5.0 ms    5.0 ms      135 B       79 B  █                     forecast
            1       1   17%    1.0 ms    1.0 ms    1.0 ms    1.0 ms       87 B       74 B  █                     boom
            1       0                                                     87 B        0 B                        slow

      15 frames in 59 ms · 5 exchanges · 5 notifications · noise: 0 lines · orphans: 1 · stderr: 1 line
      in flight at the end: 1 · starts: 1, restarts: 0
        at 0.058s server exited: code 1
        #15 at 0.017s ping: lost
      "
    `);
    expect((await ask(['stats', legacyStory(), '--by', 'server'])).stdout).toMatchInlineSnapshot(`
      "  calls  errors  time       p50       p95       p99       max    request     answer  latency               server
            5       2  100%    1.0 ms    5.0 ms    5.0 ms    5.0 ms      497 B      301 B  █              ▄      (without a name)

      15 frames in 59 ms · 5 exchanges · 5 notifications · noise: 0 lines · orphans: 1 · stderr: 1 line
      in flight at the end: 1 · starts: 1, restarts: 0
        at 0.058s server exited: code 1
        #15 at 0.017s ping: lost
      "
    `);
  });

  it('has a JSON shape that stays', async () => {
    const { stdout } = await ask(['stats', '--json', legacyStory()]);
    const counted = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(Object.keys(counted).join(' ')).toBe(
      'duration frames exchanges batches methods tools servers notifications noise orphans stderr unanswered starts restarts exits own faults gaps torn context',
    );
    expect(counted).toMatchObject({
      frames: 15,
      exchanges: 5,
      orphans: 1,
      stderr: { lines: 1, bytes: 27 },
      unanswered: { count: 1, first: [{ n: 15, method: 'ping', tool: null, status: 'lost' }] },
      exits: [{ conn: 1, server: null, code: 1, signal: null }],
    });
    const counts = 'calls ok errors toolErrors cancelled lost pending requestBytes answerBytes latency';
    for (const each of ['methods', 'tools', 'servers']) {
      const [first = {}] = counted[each] as readonly object[];
      expect(Object.keys(first).join(' ')).toBe(`name ${counts}`);
    }
    expect(counted['methods']).toMatchObject([
      {
        name: 'tools/call',
        latency: { count: 2, p50: 1, p95: 5, p99: 5, max: 5, total: 6, curve: { from: 1, to: 5 } },
      },
      { name: 'initialize' },
      { name: 'ping', lost: 1, latency: null },
    ]);
  });
});
