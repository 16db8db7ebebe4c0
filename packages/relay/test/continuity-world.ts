import { assert } from 'vitest';

import { ServerDesk } from '../src/continuity/server-desk.ts';
import { RelayFrame } from '../src/relay-frame.ts';
import { FakeClient, FakeServer, type Given, saidIn } from './continuity-peers.ts';
import { HandClock } from './hand-clock.ts';

/** A client, one process after another, and between them the desk of a relay; without any pipe, process or time. */
export class World {
  readonly client = new FakeClient();
  readonly given: Given = { reached: new Set(), heard: [] };
  life: FakeServer | undefined;
  isClientEnded = false;
  /** Numbers what the peers say. */
  count = 0;
  isOver = false;
  /** The client reads no more, or a signal came that ends. */
  isClosing = false;
  /** Who asked for another process, and heard nothing of it. */
  asking = 0;
  /** True while the policy allows no start that is only wanted for a request. */
  isTired = false;
  /** Bytes of the client's that wait for a process. */
  held = 0;
  /** What is written slowly, and has not been written in full. */
  #half: RelayFrame | undefined;
  /** A start is under way. */
  #isComing = true;
  #isClientGone = false;
  readonly #processes: FakeServer[] = [];
  readonly #clock = new HandClock();
  readonly #desk = new ServerDesk({
    restarts: true,
    mark: 'model',
    clock: this.#clock,
    toClient: (frame) => {
      if (!this.#isClientGone) this.client.take(frame);
    },
    holds: (bytes) => (this.held += bytes),
    tell: () => {},
    onLast: () => {},
    onDied: () => {},
    onWanted: (cause) => {
      assert.strictEqual(this.isOver || this.isClosing, false, 'nothing is started for nobody');
      this.#isComing ||= !(cause === 'demand' && this.isTired);
      if (!this.#isComing) this.#desk.rests(1000);
    },
    onUsable: () => (this.asking = 0),
    onUnusable: () => (this.asking = 0),
    onOver: () => {
      assert.strictEqual(this.isOver, false, 'a connection is over once');
      this.isOver = true;
    },
  });

  constructor() {
    this.starts();
  }

  /** A client writes a line, which is written at once or in two pieces. */
  clientWrites(line: Uint8Array, inPieces: boolean): void {
    const frame = new RelayFrame('client', line);
    const pace = { bytes: Math.ceil(line.length / 2), everyMs: 1, isRate: false };
    const half = (to: RelayFrame | undefined) => (): void => void (this.#half = to);
    this.#desk.fromClient(inPieces ? frame.passing({ pace, onBegin: half(frame), onEnd: half(undefined) }) : frame);
  }

  serverWrites(life: FakeServer, line: Uint8Array): void {
    this.#desk.fromServer(life, new RelayFrame('server', line));
    this.#desk.proven(life);
    if (life.isReplaced && life.isIdle) assert.strictEqual(life.isShut, true, 'an idle process makes room at once');
  }

  goOn(ms: number): void {
    const isReplaced = this.life?.isReplaced === true;
    this.#clock.pass(ms);
    if (isReplaced && ms >= 5000) assert.strictEqual(this.life?.isShut, true, 'a process makes room within 5 s');
  }

  /** The process has run for a while. */
  proves(): void {
    if (this.life !== undefined) this.#desk.proven(this.life);
  }

  /** The process ends, and that is known at once. */
  dies(): void {
    const { life } = this;
    if (life === undefined) return;
    life.stop();
    this.life = undefined;
    const { pid } = life;
    this.#desk.ended(life, { pid, exit: { code: 1, signal: null }, uptimeMs: 1, stderr: undefined, torn: undefined });
  }

  /** The next process begins, where one is under way. */
  starts(): void {
    if (this.life !== undefined || !this.#isComing) return;
    this.#isComing = false;
    if (this.isClientEnded && [...this.client.asked.values()].every(({ answers }) => answers > 0))
      assert.strictEqual(this.isOver, true, 'with no client, and nothing owed to it, all is over');
    const life = new FakeServer({
      pid: this.#processes.length,
      given: this.given,
      clock: this.#clock,
      onShut: () => {
        // It was said to this process, and to no other.
        if (this.#half !== undefined) this.given.heard.push(...saidIn(this.#half));
        this.#half = undefined;
      },
    });
    this.life = life;
    this.#processes.push(life);
    this.#desk.began(life);
    assert.strictEqual(this.isOver && !life.isShut, false, 'what begins too late is ended');
  }

  /** The policy allows no more starts. */
  rests(): void {
    if (!this.#isComing || this.life !== undefined) return;
    this.#isComing = false;
    this.#desk.rests(1000);
    assert.strictEqual(this.held, 0, 'nothing waits where nothing is started');
  }

  /** Somebody wants another process. */
  restarts(): void {
    if (!this.#desk.canRestart) return;
    this.asking++;
    // What is half written goes on.
    if (this.life !== undefined && this.#half === undefined) this.life.isReplaced = true;
    this.#desk.restart('for a test');
  }

  clientEnds(): void {
    if (this.isClientEnded) return;
    this.isClientEnded = true;
    this.#desk.clientEnded(true);
  }

  clientGoes(): void {
    this.#isClientGone = true;
    this.isClosing = true;
    this.#desk.clientGone();
  }

  signals(): void {
    this.isClosing = true;
    this.#desk.signal('SIGTERM', 'group', true);
  }

  /** Looks at what must be true at any end. */
  settled(): void {
    assert.strictEqual(this.asking, 0, 'whoever asked for another process has heard of it');
    for (const life of this.#processes)
      assert.strictEqual(life.conclusions, life === this.life ? 0 : 1, 'the end of each process is on record');
  }
}
