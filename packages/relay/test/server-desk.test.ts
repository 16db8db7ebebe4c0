import { META_KEYS } from '@mcp-dbg/protocol';
import { ExchangeTracker } from '@mcp-dbg/wire';
import { assert, describe, expect, it, vi } from 'vitest';

import { cancelling, lineOf, notifying, requestIn, resultText } from './continuity-lines.ts';
import type { FakeServer } from './continuity-peers.ts';
import { World } from './continuity-world.ts';

const OPENING = { legacy: 'initialize', modern: 'server/discover' };

/** A client and its server, with request 0 behind them, which opened the connection. */
class Opened extends World {
  readonly #meta: Readonly<Record<string, unknown>>;

  constructor(era: keyof typeof OPENING) {
    super();
    const { protocolVersion, clientCapabilities } = META_KEYS;
    this.#meta = era === 'modern' ? { [protocolVersion]: '2026-07-28', [clientCapabilities]: {} } : {};
    this.asks(0, OPENING[era]);
    this.answers('0');
  }

  get process(): FakeServer {
    assert(this.life !== undefined, 'there is a process');
    return this.life;
  }

  asks(id: number, method: string, inPieces = false): void {
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params: { _meta: this.#meta } });
    this.client.asked.set(String(id), {
      request: requestIn(text),
      isCalledOff: false,
      answers: 0,
      acknowledgements: 0,
    });
    this.clientWrites(lineOf(text), inPieces);
  }

  callsOff(id: string): void {
    this.clientWrites(lineOf(cancelling(id)), false);
  }

  tells(n: number): void {
    this.clientWrites(lineOf(notifying('notifications/roots/list_changed', { n })), false);
  }

  /** The process answers what it was asked under this id, or the first of all. */
  answers(id?: string): void {
    const { process } = this;
    const request = process.pending.find((each) => id === undefined || each.id === id);
    assert(request !== undefined, 'the process was asked');
    process.answers(request, true);
    this.serverWrites(process, lineOf(resultText(request.id, { protocolVersion: '2025-03-26' })));
  }

  /** Another process takes the place of this one, and has its handshake behind it. */
  goesOn(): void {
    this.dies();
    this.starts();
    this.answers();
  }
}

describe('a process that is to be replaced', () => {
  it('makes room when what it was to answer is called off', () => {
    const world = new Opened('legacy');
    world.asks(1, 'tools/call');
    world.restarts();
    expect(world.process.isShut, 'it may answer first').toBe(false);
    world.callsOff('1');
    expect(world.process.isShut, 'nobody waits for its answer').toBe(true);
  });

  it('is told nothing that would overtake what waits for the next', () => {
    const world = new Opened('legacy');
    world.asks(1, 'tools/call');
    world.restarts();
    world.asks(2, 'tools/call');
    world.tells(3);
    world.callsOff('2');
    world.tells(4);
    world.answers('1');
    world.goesOn();
    const said = world.given.heard.map((text) => JSON.parse(text).params.n);
    expect(said).toEqual([3, 4]);
  });

  it('answers at the same cost each, however much it was asked', () => {
    const world = new Opened('modern');
    world.asks(1, 'subscriptions/listen');
    for (let id = 2; id < 100; id++) world.asks(id, 'tools/call');
    world.restarts();
    const goesThroughAll = vi.spyOn(ExchangeTracker.prototype, 'open', 'get');
    for (let id = 2; id < 100; id++) {
      expect(world.process.isShut, 'it has not answered all').toBe(false);
      world.answers(String(id));
    }
    expect(goesThroughAll).not.toHaveBeenCalled();
    goesThroughAll.mockRestore();
    expect(world.process.isShut).toBe(true);
  });

  it('takes nothing along that stands behind a slow request', () => {
    const world = new Opened('legacy');
    world.dies();
    world.asks(1, 'tools/call', true);
    world.tells(2);
    world.starts();
    world.answers();
    world.restarts();
    world.process.stop();
    world.goOn(10);
    world.goesOn();
    expect(world.given.heard).toHaveLength(1);
  });
});

describe('a rest', () => {
  it('leaves nothing that waits, or a client could be read no more, and what it asks not be heard', () => {
    const world = new Opened('legacy');
    world.dies();
    world.tells(1);
    world.asks(2, 'tools/call');
    world.tells(3);
    expect(world.held).toBeGreaterThan(0);
    world.rests();
    expect(world.held).toBe(0);
    expect(world.client.asked.get('2')?.answers).toBe(1);
    world.asks(4, 'tools/call');
    world.starts();
    world.answers();
    world.answers('4');
    expect(world.given.heard, 'what was said before it').toEqual([]);
  });
});

describe('a modern process that does not say what it is', () => {
  it('has the streams of news after 3 s, each once, whether or not it says so later', () => {
    const world = new Opened('modern');
    world.asks(1, 'subscriptions/listen');
    world.dies();
    world.starts();
    world.asks(2, 'subscriptions/listen');
    world.goOn(3000);
    expect([...world.process.listens]).toEqual(['1', '2']);
    world.answers();
    expect(world.process.pending.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('can be used after 3 s, although it had run for a while before', () => {
    const world = new Opened('modern');
    world.restarts();
    world.dies();
    world.starts();
    world.proves();
    expect(world.asking, 'it may still say something').toBe(1);
    world.goOn(3000);
    expect(world.asking).toBe(0);
  });
});
