import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { WaitingFrames } from '../src/continuity/waiting-frames.ts';
import { RelayFrame } from '../src/relay-frame.ts';

const request = (id: number): RelayFrame =>
  new RelayFrame('client', Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"tools/call"}\n`));
const notice = new RelayFrame('client', Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress"}\n'));

describe('the frames that wait for a process', () => {
  it('come out in the order in which they came, each once, and are held as long as they wait', () => {
    const step = fc.oneof(
      fc.nat(5).map((id) => ({ kind: 'add', frame: request(id) }) as const),
      fc.constant({ kind: 'add', frame: notice } as const),
      fc.nat(5).map((id) => ({ kind: 'first', frame: request(id) }) as const),
      fc.nat(5).map((id) => ({ kind: 'one', id: String(id) }) as const),
      fc.constant({ kind: 'all' } as const),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let held = 0;
        const waiting = new WaitingFrames({ waitMs: 60_000, holds: (bytes) => (held += bytes), onExpired: () => {} });
        let model: RelayFrame[] = [];
        const take = (isTaken: (frame: RelayFrame) => boolean): readonly RelayFrame[] => {
          const taken = model.filter((frame) => isTaken(frame));
          model = model.filter((frame) => !isTaken(frame));
          return taken;
        };
        for (const each of steps) {
          switch (each.kind) {
            case 'add':
              waiting.add(each.frame);
              model.push(each.frame);
              break;
            case 'first':
              waiting.addFirst([each.frame]);
              model.unshift(each.frame);
              break;
            case 'one': {
              const taken = waiting.takeRequest(each.id);
              const found = model.filter(
                ({ messages: [one] }) => one !== undefined && 'id' in one && one.id === each.id,
              );
              // Of several with one id any, but no other.
              expect(taken === undefined ? [] : [taken]).toEqual(found.slice(0, 1));
              if (taken !== undefined) take((frame) => frame === taken);
              break;
            }
            case 'all':
              expect(waiting.takeAll()).toEqual(take(() => true));
              break;
          }
          expect(waiting.hasRequests).toBe(model.some((frame) => frame !== notice));
          expect(held).toBe(model.reduce((sum, { bytes }) => sum + bytes.length, 0));
        }
        waiting.takeAll();
      }),
    );
  });

  it('are called off one by one at the same cost each', () => {
    let looks = 0;
    class WatchedFrame extends RelayFrame {
      override get messages(): RelayFrame['messages'] {
        looks++;
        return super.messages;
      }
    }
    const count = 1000;
    const waiting = new WaitingFrames({ waitMs: 60_000, holds: () => {}, onExpired: () => {} });
    for (let id = 0; id < count; id++) waiting.add(new WatchedFrame('client', request(id).bytes));
    for (let id = count - 1; id >= 0; id--) expect(waiting.takeRequest(String(id))?.bytes).toEqual(request(id).bytes);
    expect(looks).toBeLessThan(10 * count);
    expect(waiting.takeAll()).toEqual([]);
  });

  it('are given back where they have waited long enough, those that ask', async () => {
    const expired = await new Promise<readonly RelayFrame[]>((resolve) => {
      const waiting = new WaitingFrames({ waitMs: 1, holds: () => {}, onExpired: resolve });
      waiting.add(notice);
      waiting.add(request(1));
    });
    expect(expired.map(({ messages }) => messages[0]?.kind)).toEqual(['request']);
  });
});
