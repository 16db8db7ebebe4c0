import { ExchangeTracker } from '@mcp-dbg/wire';
import { describe, expect, it } from 'vitest';

import { Continuity } from '../src/continuity/continuity.ts';
import { ServerAsks } from '../src/continuity/server-asks.ts';
import { Unanswered } from '../src/faults/unanswered.ts';
import { openBound } from '../src/open-bound.ts';
import { RelayFrame } from '../src/relay-frame.ts';
import { TrafficStory } from '../src/tools/traffic-story.ts';

const MOST = 32_768;
const FORGOTTEN = /^Too many requests of the (?:client|server) wait for an answer, and the older ones were forgotten: /;
const END = { pid: 1, exit: { code: 1, signal: null }, uptimeMs: 1, stderr: undefined, torn: undefined };

function line(from: 'client' | 'server', message: object): RelayFrame {
  return new RelayFrame(from, Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`));
}

function notes(): { readonly noted: string[]; readonly note: (text: string) => void } {
  const noted: string[] = [];
  return { noted, note: (text) => void noted.push(text) };
}

describe('requests that nobody answers', () => {
  it('are forgotten by half when they are too many or too large, which is noted once', () => {
    const { noted, note } = notes();
    const gone: string[] = [];
    const tracker = new ExchangeTracker<string>(
      openBound({ note, price: 'a price', sizeOf: ({ length }) => length, onForgotten: (ids) => gone.push(...ids) }),
    );
    for (let id = 0; id <= 2 * MOST; id++) tracker.ask('client', String(id), String(id));
    expect(tracker.openOf('client')).toBeLessThanOrEqual(MOST);
    expect(gone.length + tracker.openOf('client')).toBe(2 * MOST + 1);
    tracker.ask('server', 'large', 'x'.repeat(17 * 1024 * 1024));
    tracker.ask('server', 'small', 'y');
    expect(tracker.open.filter((each) => !/^\d+$/.test(each))).toEqual(['y']);
    expect(noted).toEqual([
      'Too many requests of the client wait for an answer, and the older ones were forgotten: a price',
    ]);
  });

  it('are kept without what they said, but for what is asked again or to be kept in mind', () => {
    const { memory } = new Continuity('test', () => {});
    memory.sent(line('client', { id: 1, method: 'tools/call', params: { name: 'echo', big: 'x'.repeat(1000) } }));
    memory.sent(line('client', { id: 2, method: 'logging/setLevel', params: { level: 'info' } }));
    const discover = line('client', { id: 3, method: 'server/discover' });
    memory.sent(discover);
    memory.received(line('server', { id: 1, method: 'sampling/createMessage', params: { maxTokens: 1 } }));
    const bare = { from: 'client', params: undefined, frame: undefined };
    expect(memory.inFlight).toEqual([
      { ...bare, id: '1', method: 'tools/call' },
      { ...bare, id: '2', method: 'logging/setLevel', params: '{"level":"info"}' },
      {
        ...bare,
        id: '3',
        method: 'server/discover',
        frame: expect.objectContaining({ bytes: new Uint8Array(discover.bytes) }),
      },
    ]);
    expect(memory.asked).toEqual([{ ...bare, from: 'server', id: '1', method: 'sampling/createMessage' }]);
    // Whatever was read along with it would be kept, too.
    expect(memory.inFlight[2]?.frame?.bytes.buffer.byteLength).toBe(discover.bytes.length);
  });

  it('are kept of a stream of news with the lists that it is about, whatever else was asked for', () => {
    const { memory } = new Continuity('test', () => {});
    const notifications = { toolsListChanged: true, promptsListChanged: false, ['x'.repeat(1000)]: true };
    const params = { notifications };
    const text = JSON.stringify([
      { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params },
      { jsonrpc: '2.0', id: 2, method: 'subscriptions/listen' },
    ]);
    memory.sent(new RelayFrame('client', Buffer.from(`${text}\n`)));
    const bare = { frame: undefined, isAcknowledged: false };
    expect(memory.listens).toEqual([
      { ...bare, id: '1', news: ['toolsListChanged'] },
      { ...bare, id: '2', news: [] },
    ]);
  });

  it('can be called off although they are forgotten', () => {
    const { noted, note } = notes();
    const continuity = new Continuity('test', note);
    const passes = (id: number): boolean => {
      const off = line('client', { method: 'notifications/cancelled', params: { requestId: id } });
      return continuity.fromClient(off).kind === 'pass';
    };
    continuity.sent(line('client', { id: 0, method: 'ping' }));
    expect(continuity.lose(END, { kind: 'crash' }, true).answered).toEqual(['ping']);
    expect(passes(0), 'the process before had it').toBe(false);
    for (let id = 1; id <= MOST + 1; id++) continuity.sent(line('client', { id, method: 'ping' }));
    expect(noted).toEqual([expect.stringMatching(FORGOTTEN)]);
    expect(passes(1), 'the process has it').toBe(true);
    expect(continuity.lose(END, { kind: 'crash' }, true).answered.length).toBeLessThanOrEqual(MOST);
    expect(passes(1), 'nobody has it any more').toBe(false);
  });

  it('are answered as others are, where they are streams that are not opened again', () => {
    const { noted, note } = notes();
    const continuity = new Continuity('test', note);
    for (let id = 0; id <= MOST; id++) continuity.sent(line('client', { id, method: 'subscriptions/listen' }));
    expect(noted).toEqual([expect.stringMatching(FORGOTTEN)]);
    const { answered } = continuity.lose(END, { kind: 'crash' }, true);
    expect(new Set(answered)).toEqual(new Set(['subscriptions/listen']));
    expect(answered.length + continuity.memory.listens.length).toBe(MOST + 1);
  });

  it('of processes that are gone are forgotten, and their ids are free', () => {
    const { noted, note } = notes();
    let named = 0;
    const asks = new ServerAsks(() => `"other-${++named}"`, note);
    const asked = Array.from({ length: MOST + 1 }, (_, index) => ({
      from: 'server' as const,
      id: String(index),
      method: 'ping',
      params: undefined,
      frame: undefined,
    }));
    asks.abandon(asked);
    expect(noted).toEqual([expect.stringMatching(FORGOTTEN)]);
    const idOf = (id: number): unknown => {
      const [message] = asks.toClient(line('server', { id, method: 'ping' })).messages;
      return message?.kind === 'request' && message.id;
    };
    expect(idOf(0)).toBe('0');
    expect(idOf(MOST)).toBe('"other-1"');
  });

  it('are forgotten by what answers for a fault, and by the tools of ours', () => {
    const { noted, note } = notes();
    const unanswered = new Unanswered(note);
    const story = new TrafficStory(note);
    for (let id = 0; id <= MOST; id++) {
      const frame = line('client', { id, method: 'ping' });
      const [message] = frame.messages;
      unanswered.take(frame, []);
      if (message?.kind === 'request') story.asked(story.request(message, 0));
    }
    expect(unanswered.takeLost().length).toBeLessThanOrEqual(MOST);
    expect(story.open).toBeLessThanOrEqual(MOST);
    expect(noted).toEqual([expect.stringMatching(FORGOTTEN), expect.stringMatching(FORGOTTEN)]);
  });
});
