import type { Sender } from '@mcp-dbg/wire';

import { type HeldRow, notification, request, result } from './held-row.ts';

/** What a peer says, what a person decides, and time. */
export type Step =
  | { readonly do: 'ask' | 'answer' | 'cancel' | 'progress' | 'noise'; readonly from: Sender; readonly id: number }
  | { readonly do: 'accept' | 'drop' | 'edit' | 'reply'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'acceptAll' | 'giveUp' };

/** Plays steps, and knows what must have become of each frame. */
export class Story {
  readonly #row: HeldRow;
  /** By its serial number: the exchange in whose order it must stay, and whether it is an answer. */
  readonly #said = new Map<number, { readonly from: Sender; readonly exchange: string | undefined }>();
  readonly #open = new Map<string, string>();
  readonly #decided = new Map<number, 'drop' | 'edit' | 'reply'>();
  #serial = 0;

  constructor(row: HeldRow) {
    this.#row = row;
  }

  take(step: Step): void {
    switch (step.do) {
      case 'ask':
      case 'answer':
      case 'cancel':
      case 'progress':
      case 'noise':
        return this.#say(step);
      case 'wait':
        return this.#row.wait(step.ms);
      case 'acceptAll':
        return void this.#row.desk.acceptAll();
      case 'giveUp':
        return this.#row.desk.giveUp('a test says so');
      case 'accept':
      case 'drop':
      case 'edit':
      case 'reply': {
        const held = this.#row.desk.held.at(step.which);
        if (held === undefined) return;
        const serial = serialOf(new TextDecoder().decode(held.bytes));
        const ours = `{"ours":${serial}}`;
        const decision =
          step.do === 'edit' || step.do === 'reply' ? { kind: step.do, text: ours } : ({ kind: step.do } as const);
        const verdict = this.#row.decide(held.number, decision);
        if (verdict.kind === 'done' && step.do !== 'accept') this.#decided.set(serial, step.do);
      }
    }
  }

  #say(step: Step & { readonly from: Sender; readonly id: number }): void {
    const { from, id } = step;
    const serial = ++this.#serial;
    const peer = from === 'client' ? 'server' : 'client';
    const own = `${from} ${id}`;
    const asked = `${peer} ${id}`;
    switch (step.do) {
      case 'ask': {
        // A peer uses an id again once it has its answer.
        if (this.#open.has(own)) return;
        this.#open.set(own, `${own} ${serial}`);
        this.#note(serial, from, this.#open.get(own));
        return this.#row.says(from, request(id, 'tools/call', { serial, _meta: { progressToken: own } }));
      }
      case 'answer': {
        const exchange = this.#open.get(asked);
        if (exchange === undefined) return;
        this.#open.delete(asked);
        this.#note(serial, from, exchange);
        return this.#row.says(from, result(id, { serial }));
      }
      case 'cancel':
        this.#note(serial, from, this.#open.get(own));
        return this.#row.says(from, notification('notifications/cancelled', { requestId: id, serial }));
      case 'progress':
        this.#note(serial, from, this.#open.get(asked));
        return this.#row.says(from, notification('notifications/progress', { progressToken: asked, serial }));
      default:
        this.#note(serial, from, undefined);
        return this.#row.says(from, `noise "serial":${serial}\n`);
    }
  }

  #note(serial: number, from: Sender, exchange: string | undefined): void {
    this.#said.set(serial, { from, exchange });
  }

  /** What became of the frames that should not have; nothing where all is well. */
  faults(): readonly string[] {
    const { passed, recorded, held } = this.#row;
    const originals = recorded.flatMap(({ original }) =>
      original === undefined ? [] : [serialOf(new TextDecoder().decode(original))],
    );
    const own = passed.filter(({ by }) => by === undefined).map(({ text }) => serialOf(text));
    const ours = passed.filter(({ by }) => by !== undefined).map(({ text }) => serialOf(text));
    const known = [...own, ...originals].toSorted((a, b) => a - b);
    const before = passed.length;
    this.#row.wait(10_000);
    return [
      ...(known.join() === [...this.#said.keys()].join()
        ? []
        : [`of ${this.#serial} frames these were passed on or kept in the record: ${known.join()}`]),
      ...ours
        .filter((serial) => this.#decided.get(serial) === 'drop')
        .map((serial) => `${serial} was sent, not dropped`),
      ...(new Set(ours).size === ours.length ? [] : [`sent twice, of ${ours.join()}`]),
      ...(['client', 'server'] as const).flatMap((from) => this.#overtaken(from)),
      ...(held.client === 0 && held.server === 0 ? [] : [`bytes that are said to be held: ${JSON.stringify(held)}`]),
      ...(passed.length === before ? [] : ['something came later']),
    ];
  }

  /** What came out of order within its exchange. */
  #overtaken(from: Sender): readonly string[] {
    const last = new Map<string, number>();
    return this.#row.passed.flatMap(({ text, from: sender }) => {
      const serial = serialOf(text);
      const said = this.#said.get(serial);
      if (sender !== from || said?.from !== from || said.exchange === undefined) return [];
      const before = last.get(said.exchange) ?? 0;
      last.set(said.exchange, serial);
      return serial > before ? [] : [`${serial} came after ${before} of ${said.exchange}`];
    });
  }
}

function serialOf(text: string): number {
  return Number(/"(?:serial|ours)":(\d+)/.exec(text)?.[1]);
}
