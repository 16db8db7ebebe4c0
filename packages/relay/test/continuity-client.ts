import { META_KEYS } from '@mcp-dbg/protocol';

import { cancelling, lineOf, notifying, requestIn, resultText, together } from './continuity-lines.ts';
import { type Asked, isOpening } from './continuity-peers.ts';
import { type Era, KEPT, LISTEN, type Step, noise, otherType, pick } from './continuity-step.ts';
import type { World } from './continuity-world.ts';

const METHODS = { legacy: ['tools/call', 'tools/list', ...KEPT], modern: ['tools/call', 'tools/list'] };

/** An honest client, which opens its connection at once. */
export class ClientPlay {
  /** What it said that nobody has to answer. */
  readonly said: string[] = [];
  isConfirmed = false;
  readonly #world: World;
  readonly #era: Era;

  constructor(world: World, era: Era, inPieces: boolean) {
    this.#world = world;
    this.#era = era;
    this.#writes([this.#asking(era === 'legacy' ? 'initialize' : 'server/discover', 0, false)], inPieces);
  }

  step({ kind, n, flips, batches, inPieces }: Step): void {
    const isLegacy = this.#era === 'legacy';
    const { client } = this.#world;
    switch (kind) {
      case 'ask': {
        const methods = METHODS[this.#era];
        const texts = [this.#asking(methods[n % methods.length] ?? '', n, flips)];
        if (batches && isLegacy) texts.push(this.#notifying(), this.#asking('tools/call', n, flips));
        this.#writes(texts, inPieces);
        break;
      }
      case 'listen':
        if (!isLegacy) this.#writes([this.#asking(LISTEN, n, flips)], inPieces);
        break;
      case 'confirm':
        if (isLegacy) this.confirm();
        break;
      case 'call off': {
        const asked = pick([...client.asked.values()].filter(isOpen), n);
        if (asked === undefined) break;
        asked.isCalledOff = true;
        const texts = [cancelling(asked.request.id)];
        if (batches && isLegacy) texts.push(this.#asking('tools/call', n, flips));
        // At once: what is called off slowly may be answered meanwhile, and is answered for nobody then.
        this.#writes(texts, false);
        break;
      }
      case 'reply': {
        const all = [...client.has.keys()];
        const one = pick(all, n);
        const replied = batches ? all : one === undefined ? [] : [one];
        const texts = replied.map((id) => resultText(flips ? otherType(id) : id, { to: client.has.get(id) }));
        for (const id of replied) client.has.delete(id);
        if (texts.length > 0) this.#writes(texts, inPieces);
        break;
      }
      case 'notify':
        if (flips) this.#writes([noise(n, this.said)], inPieces);
        else this.#writes([this.#notifying()], inPieces);
        break;
      default:
    }
  }

  /** Asks for something that every server answers. */
  asks(): void {
    this.#writes([this.#asking('tools/call', 0, false)], false);
  }

  /** The text of a request of the client, which waits for its answer from now on. */
  #asking(method: string, n: number, flips: boolean): string {
    const id = this.#world.count++;
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
    const text = notifying('notifications/roots/list_changed', { n: this.#world.count++ });
    this.said.push(text);
    return text;
  }

  /** Says that it has the answer to its handshake, once. */
  confirm(): void {
    if (this.isConfirmed) return;
    this.isConfirmed = true;
    this.#writes([notifying('notifications/initialized', {})], false);
  }

  #writes(texts: readonly string[], inPieces: boolean): void {
    this.#world.clientWrites(lineOf(together(texts)), inPieces);
  }
}

function isOpen({ request, answers, isCalledOff }: Asked): boolean {
  return answers === 0 && !isCalledOff && !isOpening(request.method);
}
