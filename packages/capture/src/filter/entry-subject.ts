import type { Exchange, Placed } from '@mcp-dbg/protocol';

import type { CaptureFinding } from '../capture-linter.ts';
import type { Entry, ExchangeEntry } from '../entry.ts';
import { type FrameBytes, wholeBytes } from '../frame-bytes.ts';
import { isInterference } from '../original/is-interference.ts';
import { plainEvent } from '../original/plain-event.ts';
import type { EventRecord } from '../reading/capture-reading.ts';
import type { FilterSide, FilterSubject } from './filter-subject.ts';
import { lenientText } from './lenient-text.ts';

/** What an entry does not know by itself. */
export interface SubjectContext {
  /** When the capture was opened, in ISO 8601. */
  readonly openedAt?: string | undefined;
  /** What is wrong with an entry; nothing where no findings were looked for. */
  readonly findingsOf?: ((entry: Entry<Placed>) => readonly CaptureFinding[]) | undefined;
}

/** An entry of a log as a filter sees it. Texts and values are made when they are asked for, and once. */
export function entrySubject(entry: Entry, context: SubjectContext = {}): FilterSubject {
  return new EntrySubject(entry, wholeBytes, context);
}

/** A frame, and whose bytes it has where they are not the peer's own. */
type Sent = Placed & { readonly by?: string | undefined };

/** An entry as a filter sees it, wherever the bytes of its frames are: they are fetched where a filter asks for them. */
export class EntrySubject<F extends Sent> implements FilterSubject {
  readonly #entry: Entry<F>;
  readonly #exchange: Exchange<F> | undefined;
  readonly #frames: FrameBytes<F>;
  readonly #context: SubjectContext;
  /** Made when they are asked for. */
  #texts: Map<FilterSide, string> | undefined;
  #values: Map<FilterSide, unknown> | undefined;

  constructor(entry: Entry<F>, frames: FrameBytes<F>, context: SubjectContext) {
    this.#entry = entry;
    this.#exchange = entry.kind === 'exchange' ? entry.exchange : undefined;
    this.#frames = frames;
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
    if (this.#entry.kind === 'event') return isInterference(this.#entry.event);
    const { frame, answer } = this.#exchange ?? {};
    return frame?.by !== undefined || answer?.by !== undefined;
  }

  get isFault(): boolean {
    return this.#entry.kind === 'event' && this.#entry.event.t === 'fault';
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
    if (!this.#values.has(side)) this.#values.set(side, this.#valueOf(side));
    return this.#values.get(side);
  }

  findings(): readonly CaptureFinding[] {
    return this.#context.findingsOf?.(this.#entry) ?? [];
  }

  #valueOf(side: FilterSide): unknown {
    const entry = this.#entry;
    if (entry.kind !== 'event') return parsed(this.text(side));
    return side === 'req' ? plainEvent(entry.event) : undefined;
  }

  #textOf(side: FilterSide): string {
    const entry = this.#entry;
    if (entry.kind === 'event') return side === 'req' ? eventText(entry.event) : '';
    if (entry.kind === 'stderr') return side === 'req' ? lenientText(entry.bytes) : '';
    const frame = frameOf(entry, side);
    return frame === undefined ? '' : lenientText(this.#frames.bytesOf(frame));
  }

  #sizeOf(side: FilterSide): number {
    const entry = this.#entry;
    if (entry.kind === 'event') return 0;
    if (entry.kind === 'stderr') return side === 'req' ? entry.bytes.length + (entry.terminated ? 1 : 0) : 0;
    const frame = frameOf(entry, side);
    return frame === undefined ? 0 : this.#frames.sizeOf(frame);
  }
}

/** An answer that stands alone is on the side of the answers. */
function frameOf<F extends Placed>({ exchange }: ExchangeEntry<F>, side: FilterSide): F | undefined {
  const { kind, frame, answer } = exchange;
  if (kind === 'response') return side === 'res' ? frame : undefined;
  return side === 'req' ? frame : answer;
}

/** What the record says, and behind it the frame that it is about, as that was on the wire. */
function eventText(event: EventRecord): string {
  if ((event.t !== 'fault' && event.t !== 'note') || event.original === undefined) return JSON.stringify(event);
  const { original, ...told } = event;
  return `${JSON.stringify(told)}\n${lenientText(original)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
