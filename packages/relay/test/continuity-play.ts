import { assert } from 'vitest';

import { ClientPlay } from './continuity-client.ts';
import type { FakeServer } from './continuity-peers.ts';
import { ServerPlay, answerable } from './continuity-server.ts';
import { type Era, LISTEN, type Step } from './continuity-step.ts';
import { World } from './continuity-world.ts';

/** Milliseconds that pass at once: some waits end, others do not. */
const TIMES = [1000, 3000, 5000, 10_000, 30_000];

const GREETING = ['initialize', 'initialized'];

/** Plays steps of honest peers, and holds what they see against what they were promised. */
export class Play {
  readonly #world = new World();
  readonly #era: Era;
  readonly #isRough: boolean;
  readonly #client: ClientPlay;
  readonly #server: ServerPlay;

  /** `isRough`: steps are among those after which a client may be refused, or not stay. */
  constructor(era: Era, inPieces: boolean, isRough: boolean) {
    this.#era = era;
    this.#isRough = isRough;
    this.#client = new ClientPlay(this.#world, era, inPieces);
    this.#server = new ServerPlay(this.#world, era);
  }

  step(step: Step): void {
    const { kind, n } = step;
    const { life } = this.#world;
    switch (kind) {
      case 'go on':
        this.#world.goOn(1);
        break;
      case 'exit':
        life?.stop();
        break;
      case 'die':
        this.#world.dies();
        break;
      case 'start':
        this.#world.starts();
        break;
      case 'prove':
        this.#world.proves();
        break;
      case 'restart':
        this.#world.restarts();
        break;
      case 'let time pass':
        this.#world.goOn(TIMES[n % TIMES.length] ?? 0);
        break;
      case 'rest':
        this.#world.rests();
        break;
      case 'tire':
        this.#world.isTired = !this.#world.isTired;
        break;
      case 'leave':
        if (n % 4 === 0) this.#world.clientGoes();
        else if (n % 4 === 1) this.#world.signals();
        else this.#world.clientEnds();
        break;
      default:
        if (!this.#world.isClientEnded) this.#client.step(step);
        if (life !== undefined) this.#server.step(life, step);
    }
    // A client whose connection could not be opened gives it up.
    if (this.#world.client.isRefused) this.#world.clientEnds();
  }

  /** Lets everything come to its end with a process that answers, and looks at what every promise came to. */
  end(): void {
    const life = this.#settle();
    if (life === undefined) this.#world.goOn(60_000);
    this.#world.settled();
    const { client, given, isOver } = this.#world;
    if (!this.#isRough) assert.strictEqual(isOver || client.isRefused, false, 'no client that stays is refused');
    for (const said of [
      { heard: given.heard, all: this.#client.said },
      { heard: client.heard, all: this.#server.said },
    ]) {
      // What a client says while there is no process, nor a reason for one, is on record and goes no further.
      const all = this.#isRough ? inOrderOf(said.heard, said.all) : said.all;
      assert.deepEqual(said.heard, all, 'what is heard of what was said to nobody');
    }
    if (life === undefined) {
      if (!this.#world.isClosing)
        for (const { request, answers, isCalledOff } of client.asked.values())
          assert.strictEqual(
            answers === 1 || isCalledOff || request.method === LISTEN,
            true,
            `${request.text} is answered`,
          );
      return;
    }
    this.#server.acknowledges(life);
    for (const { request, answers, isCalledOff, acknowledgements } of client.asked.values()) {
      const isListening = life.listens.has(request.id);
      if (isCalledOff) assert.strictEqual(isListening, false, `${request.text} was called off and is not open`);
      else if (request.method === LISTEN && answers === 0)
        assert.deepEqual([isListening, acknowledgements], [true, 1], `${request.text} is open, as was said once`);
      else assert.strictEqual(answers, 1, `${request.text} has one answer`);
    }
    if (this.#era === 'legacy') assert.deepEqual(life.handshake, GREETING, 'what the process was greeted with');
    assert.strictEqual(life.level, client.level, 'the log level of the process is the last that was set');
    assert.deepEqual([...life.subscribed].toSorted(), [...client.subscribed].toSorted(), 'what is subscribed');
  }

  /** Gives the process that answers all and that the client goes on with; undefined where the connection is over. */
  #settle(): FakeServer | undefined {
    const world = this.#world;
    const { client } = world;
    const isOpened = (): boolean => client.asked.get('0')?.answers === 1;
    // Bounded, so that an opening that nobody answers is a failure and no hang.
    for (let rounds = 0; rounds < 500; rounds++) {
      world.goOn(20);
      world.starts();
      if (client.isRefused) world.clientEnds();
      if (this.#era === 'legacy' && isOpened() && !world.isClientEnded) this.#client.confirm();
      const { life } = world;
      const request = life && answerable(life)[0];
      if (life === undefined && world.isOver) return undefined;
      if (life === undefined) {
        assert.strictEqual(world.isClientEnded, false, 'there is no rest without a client');
        world.isTired = false;
        this.#client.asks();
      } else if (request !== undefined) this.#server.answers(life, request);
      else if (life.isShut || life.isInputEnded) world.dies();
      else if (life.held === 0 && world.asking === 0 && (this.#era === 'modern' || this.#client.isConfirmed)) {
        return life;
      } else world.proves();
    }
    throw new Error('The connection never comes to rest');
  }
}

/** What of all is in a part of it, each as often as there, in order of all. */
function inOrderOf(part: readonly string[], all: readonly string[]): readonly string[] {
  let at = 0;
  return all.filter((each) => each === part[at] && ++at > 0);
}
