import type { Exchange } from '@mcp-dbg/protocol';

import type { Entry, ExchangeEntry } from '../entry.ts';
import type { FilterSide, FilterSubject } from '../filter/filter-subject.ts';
import { lenientText } from '../filter/lenient-text.ts';
import type { Spot } from '../scan/spot.ts';
import type { Spots } from '../scan/spots.ts';
import { wholeEntry } from './whole-entry.ts';

/** What an entry does not know by itself. */
export interface QueryContext {
  /** When the capture was opened, in ISO 8601. */
  readonly openedAt?: string | undefined;
  /** What is wrong with an entry; nothing where no findings were looked for. */
  readonly findingsOf?: ((entry: Entry) => ReturnType<FilterSubject['findings']>) | undefined;
}

/** An entry whose frames were not read, as a filter sees it. Their bytes are fetched where a filter asks for them. */
export class SpotSubject implements FilterSubject {
  readonly kind: FilterSubject['kind'];
  readonly #entry: Entry<Spot>;
  readonly #exchange: Exchange<Spot> | undefined;
  readonly #spots: Spots;
  readonly #context: QueryContext;
  /** Made when they are asked for, and once. */
  #texts: Map<FilterSide, string> | undefined;
  #values: Map<FilterSide, unknown> | undefined;

  constructor(entry: Entry<Spot>, spots: Spots, context: QueryContext) {
    this.#entry = entry;
    this.#exchange = entry.kind === 'exchange' ? entry.exchange : undefined;
    this.kind = entry.kind === 'exchange' ? entry.exchange.kind : entry.kind;
    this.#spots = spots;
    this.#context = context;
  }

  get n(): number | undefined {
    return this.#exchange?.n;
  }

  get us(): number {
    return this.#entry.us;
  }

  get conn(): number | undefined {
    return this.#entry.conn;
  }

  get server(): string | undefined {
    return this.#entry.server;
  }

  get from(): FilterSubject['from'] {
    return this.#entry.kind === 'stderr' ? 'stderr' : this.#exchange?.from;
  }

  get id(): FilterSubject['id'] {
    return this.#exchange?.id;
  }

  get method(): string | undefined {
    return this.#exchange?.method;
  }

  get tool(): string | undefined {
    return this.#exchange?.tool;
  }

  get status(): FilterSubject['status'] {
    return this.#exchange?.status;
  }

  get ms(): number | undefined {
    return this.#exchange?.ms;
  }

  get version(): string | undefined {
    return this.#exchange?.version;
  }

  get isProbe(): boolean {
    return this.#exchange?.probe === true;
  }

  get isOurs(): boolean {
    const { frame, answer } = this.#exchange ?? {};
    return frame?.by !== undefined || answer?.by !== undefined;
  }

  get requestBytes(): number {
    return this.#sizeOf('req');
  }

  get answerBytes(): number {
    return this.#sizeOf('res');
  }

  get openedAt(): string | undefined {
    return this.#context.openedAt;
  }

  text(side: FilterSide): string {
    this.#texts ??= new Map();
    const text = this.#texts.get(side) ?? this.#textOf(side);
    this.#texts.set(side, text);
    return text;
  }

  value(side: FilterSide): unknown {
    this.#values ??= new Map();
    if (!this.#values.has(side)) this.#values.set(side, parsed(this.text(side)));
    return this.#values.get(side);
  }

  findings(): ReturnType<FilterSubject['findings']> {
    return this.#context.findingsOf?.(wholeEntry(this.#entry, this.#spots)) ?? [];
  }

  #textOf(side: FilterSide): string {
    const entry = this.#entry;
    if (entry.kind === 'event') return side === 'req' ? JSON.stringify(entry.event) : '';
    if (entry.kind === 'stderr') return side === 'req' ? lenientText(entry.bytes) : '';
    const spot = spotOf(entry, side);
    return spot === undefined ? '' : lenientText(this.#spots.bytesOf(spot));
  }

  #sizeOf(side: FilterSide): number {
    const entry = this.#entry;
    if (entry.kind === 'event') return 0;
    if (entry.kind === 'stderr') return side === 'req' ? entry.bytes.length + (entry.terminated ? 1 : 0) : 0;
    const spot = spotOf(entry, side);
    return spot === undefined ? 0 : spot.size + (spot.terminated ? 1 : 0);
  }
}

/** An answer that stands alone is on the side of the answers. */
function spotOf({ exchange: { kind, frame, answer } }: ExchangeEntry<Spot>, side: FilterSide): Spot | undefined {
  if (kind === 'response') return side === 'res' ? frame : undefined;
  return side === 'req' ? frame : answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
