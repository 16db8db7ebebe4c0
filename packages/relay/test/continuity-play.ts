import { META_KEYS } from '@mcp-dbg/protocol';
import { type IdText, type RequestReading, flippedId } from '@mcp-dbg/wire';
import { assert } from 'vitest';

import { cancelling, lineOf, notifying, requestIn, resultText, together } from './continuity-lines.ts';
import { type Asked, type FakeServer, OURS, World, isOpening } from './continuity-world.ts';

export type Era = 'legacy' | 'modern';

/** What may happen next, and how often that is tried beside the others. */
export const WEIGHTS = {
  ask: 4,
  listen: 2,
  confirm: 1,
  'call off': 2,
  reply: 3,
  notify: 2,
  answer: 6,
  acknowledge: 2,
  'end a stream': 1,
  'ask the client': 4,
  'call off with the client': 1,
  tell: 2,
  'go on': 4,
  die: 3,
  start: 4,
};

export interface Step {
  readonly kind: keyof typeof WEIGHTS;
  /** Chooses among what there is to choose from. */
  readonly n: number;
  /** An id has the other JSON type. */
  readonly flips: boolean;
  /** Several messages share a line, where the era knows that. */
  readonly batches: boolean;
  /** The client's line is written in two pieces. */
  readonly inPieces: boolean;
}

/** Lines that are no messages, the bytes of some of them no text. */
const NOISE = ['Loading', '', '{"broken":', '[1,{}]', '\u00ff\u00fe\u0000', '{"jsonrpc":"2.0"}', 'ready\r'];
const KEPT = ['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'];
const METHODS = { legacy: ['tools/call', 'tools/list', ...KEPT], modern: ['tools/call', 'tools/list'] };
const LISTEN = 'subscriptions/listen';

/** Plays steps of honest peers, and holds what they see against what they were promised. */
export class Play {
  readonly #world = new World();
  readonly #era: Era;
  /** What the peers said that nobody has to answer. */
  readonly #said = { byClient: [] as string[], byServer: [] as string[] };
  #count = 0;
  #isConfirmed = false;

  constructor(era: Era, inPieces: boolean) {
    this.#era = era;
    this.#clientWrites([this.#asking(era === 'legacy' ? 'initialize' : 'server/discover', 0, false)], inPieces);
  }

  step({ kind, n, flips, batches, inPieces }: Step): void {
    const isLegacy = this.#era === 'legacy';
    const { client, life } = this.#world;
    switch (kind) {
      case 'ask': {
        const methods = METHODS[this.#era];
        const texts = [this.#asking(methods[n % methods.length] ?? '', n, flips)];
        if (batches && isLegacy) texts.push(this.#notifying(), this.#asking('tools/call', n, flips));
        this.#clientWrites(texts, inPieces);
        break;
      }
      case 'listen':
        if (!isLegacy) this.#clientWrites([this.#asking(LISTEN, n, flips)], inPieces);
        break;
      case 'confirm':
        if (isLegacy) this.#confirm();
        break;
      case 'call off': {
        const asked = pick([...client.asked.values()].filter(isOpen), n);
        if (asked === undefined) break;
        asked.isCalledOff = true;
        const texts = [cancelling(asked.request.id)];
        if (batches && isLegacy) texts.push(this.#asking('tools/call', n, flips));
        // At once: what is called off slowly may be answered meanwhile, and is answered for nobody then.
        this.#clientWrites(texts, false);
        break;
      }
      case 'reply': {
        const all = [...client.has.keys()];
        const one = pick(all, n);
        const replied = batches ? all : one === undefined ? [] : [one];
        const texts = replied.map((id) => resultText(flips ? otherType(id) : id, { to: client.has.get(id) }));
        for (const id of replied) client.has.delete(id);
        if (texts.length > 0) this.#clientWrites(texts, inPieces);
        break;
      }
      case 'notify':
        if (flips) this.#clientWrites([noise(n, this.#said.byClient)], inPieces);
        else this.#clientWrites([this.#notifying()], inPieces);
        break;
      case 'go on':
        this.#world.goOn();
        break;
      case 'die':
        this.#world.dies();
        break;
      case 'start':
        this.#world.starts();
        break;
      default:
        if (life !== undefined) this.#serverStep(life, { kind, n, flips, batches });
    }
  }

  #serverStep(life: FakeServer, { kind, n, flips, batches }: Omit<Step, 'inPieces'>): void {
    const isLegacy = this.#era === 'legacy';
    switch (kind) {
      case 'answer': {
        const theirs = answerable(life).filter(({ id, method }) => !id.includes(OURS) && !KEPT.includes(method));
        if (batches && isLegacy && theirs.length > 0) {
          const texts = theirs.map((request) => this.#answering(life, request, n, flips));
          this.#serverWrites([...texts, this.#askingClient(life, flips)]);
          break;
        }
        const picked = pick(answerable(life), n);
        // A server does in order what makes it another.
        const first = answerable(life).find(({ method }) => KEPT.includes(method));
        const request = picked !== undefined && KEPT.includes(picked.method) ? first : picked;
        if (request !== undefined) this.#serverWrites([this.#answering(life, request, n, flips)]);
        break;
      }
      case 'acknowledge':
        this.#acknowledge(life);
        break;
      case 'end a stream': {
        const id = pick([...life.listens], n);
        const request = life.pending.find((each) => each.id === id);
        if (request === undefined) break;
        life.answers(request, true);
        this.#serverWrites([flips ? cancelling(request.id) : resultText(request.id, {})]);
        break;
      }
      case 'ask the client':
        if (isLegacy) this.#serverWrites([this.#askingClient(life, flips)]);
        break;
      case 'call off with the client': {
        const id = pick(
          [...life.asked.keys()].filter((each) => !life.calledOff.has(each)),
          n,
        );
        if (id === undefined) break;
        life.calledOff.add(id);
        this.#serverWrites([cancelling(id)]);
        break;
      }
      case 'tell':
        if (flips) this.#serverWrites([noise(n, this.#said.byServer)]);
        else {
          const text = notifying('notifications/message', { data: this.#count++ });
          this.#said.byServer.push(text);
          this.#serverWrites([text]);
        }
        break;
      default:
    }
  }

  /** Lets everything come to its end with a process that answers, and looks at what every promise came to. */
  end(): void {
    const { client } = this.#world;
    let life = this.#world.starts();
    const opening = client.asked.get('0');
    // Bounded, so that an opening that nobody answers is a failure and no hang.
    for (let rounds = 0; rounds < 500; rounds++) {
      this.#world.goOn(true);
      if (answerable(life).length === 0 && (this.#era === 'modern' || this.#isConfirmed)) break;
      const [request] = answerable(life);
      if (request !== undefined) this.#serverWrites([this.#answering(life, request, 0, false)]);
      if (opening?.answers === 1 && this.#era === 'legacy') this.#confirm();
      life = this.#world.starts();
    }
    this.#acknowledge(life);
    for (const { request, answers, isCalledOff, acknowledgements } of client.asked.values()) {
      const isListening = life.listens.has(request.id);
      if (isCalledOff) assert.strictEqual(isListening, false, `${request.text} was called off and is not open`);
      else if (request.method === LISTEN && answers === 0) {
        assert.deepEqual(
          { isListening, acknowledgements },
          {
            isListening: true,
            acknowledgements: 1,
          },
          `${request.text} is open`,
        );
      } else assert.strictEqual(answers, 1, `${request.text} has one answer`);
    }
    if (this.#era === 'legacy') assert.deepEqual(life.handshake, GREETING, 'what the process was greeted with');
    assert.strictEqual(life.level, client.level, 'the log level of the process is the last that was set');
    assert.deepEqual([...life.subscribed].toSorted(), [...client.subscribed].toSorted(), 'what is subscribed');
    assert.deepEqual(this.#world.heardByServer, this.#said.byClient, 'what the client said to nobody');
    assert.deepEqual(client.heard, this.#said.byServer, 'what the server said to nobody');
  }

  /** The text of a request of the client, which waits for its answer from now on. */
  #asking(method: string, n: number, flips: boolean): string {
    const id = this.#count++;
    const { protocolVersion, clientCapabilities } = META_KEYS;
    const params = {
      ...(method === LISTEN && { notifications: { toolsListChanged: true } }),
      ...(KEPT.includes(method) && { level: `level ${n}`, uri: `file:///${n % 4}` }),
      ...(this.#era === 'modern' && { _meta: { [protocolVersion]: '2026-07-28', [clientCapabilities]: {} } }),
    };
    const text = JSON.stringify({ jsonrpc: '2.0', id: flips ? String(id) : id, method, params });
    const request = requestIn(text);
    this.#world.client.asked.set(request.id, { request, isCalledOff: false, answers: 0, acknowledgements: 0 });
    return text;
  }

  #notifying(): string {
    const text = notifying('notifications/roots/list_changed', { n: this.#count++ });
    this.#said.byClient.push(text);
    return text;
  }

  #confirm(): void {
    if (this.#isConfirmed) return;
    this.#isConfirmed = true;
    this.#clientWrites([notifying('notifications/initialized', {})], false);
  }

  /** The text of an answer of the server; what opens a connection, or is ours, is granted as a rule. */
  #answering(life: FakeServer, request: RequestReading, n: number, flips: boolean): string {
    const { id, method } = request;
    const isOurs = id.includes(OURS);
    const isRefused = isOurs ? method === 'initialize' && n === 23 : !isOpening(method) && n % 3 === 2;
    const idOnWire = flips && !isOurs ? flippedId(id) : id;
    life.answers(request, !isRefused);
    if (isRefused) return `{"jsonrpc":"2.0","id":${idOnWire},"error":{"code":-32603,"message":"No"}}`;
    return resultText(idOnWire, { protocolVersion: '2025-03-26', tools: [{ name: `tool ${n % 2}` }] });
  }

  /** The text of a request of the server: every process counts from 0. */
  #askingClient(life: FakeServer, flips: boolean): string {
    const count = life.asks++;
    const id = flips ? String(count) : count;
    const to = `answer ${this.#count++}`;
    life.asked.set(JSON.stringify(id), to);
    return JSON.stringify({ jsonrpc: '2.0', id, method: 'roots/list', params: { to } });
  }

  #acknowledge(life: FakeServer): void {
    for (const id of life.listens) {
      if (life.acknowledged.has(id)) continue;
      life.acknowledged.add(id);
      const _meta = { [META_KEYS.subscriptionId]: JSON.parse(id) };
      this.#serverWrites([notifying('notifications/subscriptions/acknowledged', { _meta })]);
    }
  }

  #clientWrites(texts: readonly string[], inPieces: boolean): void {
    this.#world.clientWrites(lineOf(together(texts)), inPieces);
  }

  #serverWrites(texts: readonly string[]): void {
    this.#world.serverWrites(lineOf(together(texts)));
  }
}

const GREETING = ['initialize', 'initialized'];

function pick<Item>(items: readonly Item[], n: number): Item | undefined {
  return items[n % items.length];
}

function isOpen({ request, answers, isCalledOff }: Asked): boolean {
  return answers === 0 && !isCalledOff && !isOpening(request.method);
}

/** What a process is to answer: its streams stay open. */
function answerable({ pending }: FakeServer): readonly RequestReading[] {
  return pending.filter(({ method }) => method !== LISTEN);
}

function noise(n: number, said: string[]): string {
  const text = NOISE[n % NOISE.length] ?? '';
  said.push(text);
  return text;
}

/** Ids of ours are no numbers, so nobody makes numbers of them. */
function otherType(id: IdText): IdText {
  return id.includes(OURS) ? id : flippedId(id);
}
