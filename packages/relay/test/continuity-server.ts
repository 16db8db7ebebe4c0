import { META_KEYS } from '@mcp-dbg/protocol';
import { type RequestReading, flippedId } from '@mcp-dbg/wire';

import { cancelling, lineOf, notifying, resultText, together } from './continuity-lines.ts';
import { type FakeServer, OURS, isOpening } from './continuity-peers.ts';
import { type Era, KEPT, LISTEN, type Step, noise, pick } from './continuity-step.ts';
import type { World } from './continuity-world.ts';

/** What the processes of an honest server do. */
export class ServerPlay {
  /** What they said that nobody has to answer. */
  readonly said: string[] = [];
  readonly #world: World;
  readonly #era: Era;

  constructor(world: World, era: Era) {
    this.#world = world;
    this.#era = era;
  }

  step(life: FakeServer, { kind, n, flips, batches }: Omit<Step, 'inPieces'>): void {
    const isLegacy = this.#era === 'legacy';
    switch (kind) {
      case 'answer': {
        const theirs = answerable(life).filter(({ id, method }) => !id.includes(OURS) && !KEPT.includes(method));
        if (batches && isLegacy && theirs.length > 0) {
          const texts = theirs.map((request) => this.#answering(life, request, n, flips));
          this.#writes(life, [...texts, this.#askingClient(life, flips)]);
          break;
        }
        const picked = pick(answerable(life), n);
        // A server does in order what makes it another.
        const first = answerable(life).find(({ method }) => KEPT.includes(method));
        const request = picked !== undefined && KEPT.includes(picked.method) ? first : picked;
        if (request !== undefined) this.#writes(life, [this.#answering(life, request, n, flips)]);
        break;
      }
      case 'acknowledge':
        this.acknowledges(life);
        break;
      case 'end a stream': {
        const id = pick([...life.listens], n);
        const request = life.pending.find((each) => each.id === id);
        if (request === undefined) break;
        life.answers(request, true);
        this.#writes(life, [flips ? cancelling(request.id) : resultText(request.id, {})]);
        break;
      }
      case 'ask the client':
        if (isLegacy) this.#writes(life, [this.#askingClient(life, flips)]);
        break;
      case 'call off with the client': {
        const id = pick(
          [...life.asked.keys()].filter((each) => !life.calledOff.has(each)),
          n,
        );
        if (id === undefined) break;
        life.calledOff.add(id);
        this.#writes(life, [cancelling(id)]);
        break;
      }
      case 'tell':
        if (flips) this.#writes(life, [noise(n, this.said)]);
        else {
          const text = notifying('notifications/message', { data: this.#world.count++ });
          this.said.push(text);
          this.#writes(life, [text]);
        }
        break;
      default:
    }
  }

  /** Grants a request. */
  answers(life: FakeServer, request: RequestReading): void {
    this.#writes(life, [this.#answering(life, request, 0, false)]);
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
    const to = `answer ${this.#world.count++}`;
    life.asked.set(JSON.stringify(id), to);
    return JSON.stringify({ jsonrpc: '2.0', id, method: 'roots/list', params: { to } });
  }

  /** Says of each stream that it is open, once. */
  acknowledges(life: FakeServer): void {
    for (const id of life.listens) {
      if (life.acknowledged.has(id)) continue;
      life.acknowledged.add(id);
      const _meta = { [META_KEYS.subscriptionId]: JSON.parse(id) };
      this.#writes(life, [notifying('notifications/subscriptions/acknowledged', { _meta })]);
    }
  }

  #writes(life: FakeServer, texts: readonly string[]): void {
    this.#world.serverWrites(life, lineOf(together(texts)));
  }
}

/** What a process is to answer: its streams stay open. */
export function answerable({ pending }: FakeServer): readonly RequestReading[] {
  return pending.filter(({ method }) => method !== LISTEN);
}
