import type { Frame } from '@mcp-dbg/wire';

import type { CaptureFinding } from '../capture-linter.ts';
import type { Entry, ExchangeEntry } from '../entry.ts';
import type { FilterSide, FilterSubject } from './filter-subject.ts';
import { lenientText } from './lenient-text.ts';

/** What an entry does not know by itself. */
export interface SubjectContext {
  /** When the capture was opened, in ISO 8601. */
  readonly openedAt?: string | undefined;
  /** What is wrong with an entry; nothing where no findings were looked for. */
  readonly findingsOf?: (entry: Entry) => readonly CaptureFinding[];
}

/** An entry of a log as a filter sees it. Texts and values are made when they are asked for, and once. */
export function entrySubject(entry: Entry, context: SubjectContext = {}): FilterSubject {
  return new EntrySubject(entry, context);
}

class EntrySubject implements FilterSubject {
  readonly #entry: Entry;
  readonly #context: SubjectContext;
  readonly #texts = new Map<FilterSide, string>();
  readonly #values = new Map<FilterSide, unknown>();

  constructor(entry: Entry, context: SubjectContext) {
    this.#entry = entry;
    this.#context = context;
  }

  get kind(): FilterSubject['kind'] {
    return this.#entry.kind === 'exchange' ? this.#entry.exchange.kind : this.#entry.kind;
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
    const known = this.#texts.get(side);
    if (known !== undefined) return known;
    const bytes = this.#bytesOf(side);
    const text = bytes === undefined ? this.#eventText(side) : lenientText(bytes);
    this.#texts.set(side, text);
    return text;
  }

  value(side: FilterSide): unknown {
    if (!this.#values.has(side)) this.#values.set(side, parsed(this.text(side)));
    return this.#values.get(side);
  }

  findings(): readonly CaptureFinding[] {
    return this.#context.findingsOf?.(this.#entry) ?? [];
  }

  get #exchange(): ExchangeEntry['exchange'] | undefined {
    return this.#entry.kind === 'exchange' ? this.#entry.exchange : undefined;
  }

  #bytesOf(side: FilterSide): Uint8Array | undefined {
    if (this.#entry.kind === 'stderr') return side === 'req' ? this.#entry.bytes : undefined;
    return frameOf(this.#entry, side)?.bytes;
  }

  #sizeOf(side: FilterSide): number {
    if (this.#entry.kind === 'stderr') return side === 'req' ? lengthOf(this.#entry) : 0;
    const frame = frameOf(this.#entry, side);
    return frame === undefined ? 0 : lengthOf(frame);
  }

  #eventText(side: FilterSide): string {
    return this.#entry.kind === 'event' && side === 'req' ? JSON.stringify(this.#entry.event) : '';
  }
}

/** An answer that stands alone is on the side of the answers. */
function frameOf(entry: Entry, side: FilterSide): Frame | undefined {
  if (entry.kind !== 'exchange') return undefined;
  const { kind, frame, answer } = entry.exchange;
  if (kind === 'response') return side === 'res' ? frame : undefined;
  return side === 'req' ? frame : answer;
}

function lengthOf({ bytes, terminated }: Pick<Frame, 'bytes' | 'terminated'>): number {
  return bytes.length + (terminated ? 1 : 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
