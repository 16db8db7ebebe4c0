import { BLANK, outlineOf } from '@mcp-dbg/protocol';
import { type Frame, type IdText, type Reading, type Sender, peerOf } from '@mcp-dbg/wire';

import { byteText } from './redact/byte-text.ts';

/** Ids, and frames, that are remembered of a connection. */
const MAX_IDS = 10_000;
const MAX_FRAMES = 100;

/** Bytes at the start and at the end by which a frame is known again, with its length. */
const MAX_KNOWN_BYTES = 1024;

const LF = 0x0a;

/** What a frame is known again by. */
interface Print {
  readonly length: number;
  readonly head: string;
  readonly tail: string;
}

/** A frame that came and was not passed on as it was, so far. */
interface Withheld extends Print {
  /** True where what overtakes it is out of place: what is told or opened has its turn, what is asked or answered need not. */
  readonly hasTurn: boolean;
  /** The ids under which it asks or answers. */
  readonly keys: readonly string[];
  readonly us: number;
}

/**
 * Knows of a connection in whose traffic somebody meddled which frames of its peers can be out of place for that reason:
 * those with an id that was used in a peer's place or in what was changed, those that were withheld or sent in a peer's
 * place before, and those that overtook what is withheld.
 */
export class Excuses {
  readonly #ids = new Set<string>();
  readonly #withheld: Readonly<Record<Sender, Withheld[]>> = { client: [], server: [] };
  /** What was passed on last, and whether it was the sender's own. */
  readonly #recent: Readonly<Record<Sender, (Print & { readonly isOurs: boolean })[]>> = { client: [], server: [] };

  /** A frame came, newline and all, and was not passed on as it was. */
  withhold(from: Sender, original: Uint8Array, reading: Reading, us: number): void {
    const print = printOf(original.at(-1) === LF ? original.subarray(0, -1) : original);
    const withheld = this.#withheld[from];
    withheld.push({ ...print, hasTurn: hasTurn(reading), keys: keysOf(from, reading), us });
    if (withheld.length > MAX_FRAMES) withheld.shift();
  }

  /** Whether what is wrong with a frame that is passed on need not be its sender's fault. */
  covers(frame: Frame, reading: Reading): boolean {
    const { from, by } = frame;
    const print = printOf(frame.bytes);
    const keys = keysOf(from, reading);
    const before = this.#recent[from].filter((each) => isSame(each, print));
    const isRepeated = before.some(({ isOurs }) => isOurs);
    const isReleased = this.#release(frame, print, before.length > 0);
    const isOvertaking = this.#withheld[from].some((each) => each.hasTurn);
    const isKnown = keys.some((key) => this.#ids.has(key));
    const isAsked = [...this.#withheld.client, ...this.#withheld.server].some((each) =>
      each.keys.some((key) => keys.includes(key)),
    );
    if (by !== undefined) for (const key of keys) this.#remember(key);
    this.#recent[from].push({ ...print, isOurs: by !== undefined });
    if (this.#recent[from].length > MAX_FRAMES) this.#recent[from].shift();
    return by !== undefined || isRepeated || isReleased || isOvertaking || isKnown || isAsked;
  }

  /** Takes from what was withheld the frame that this one is, or stands for. */
  #release({ from, by, us, terminated }: Frame, print: Print, isCopy: boolean): boolean {
    const withheld = this.#withheld[from];
    const same = withheld.findIndex((each) => isSame(each, print) || (!terminated && isStart(print, each)));
    if (same !== -1) withheld.splice(same, 1);
    else if (by !== undefined && !isCopy) {
      // What it stands for is what was withheld last before it began; that can be anything now, and is answered all the same.
      const at = withheld.findLastIndex((each) => each.us <= us);
      for (const { keys } of at === -1 ? [] : withheld.splice(at, 1)) for (const key of keys) this.#remember(key);
    }
    return same !== -1;
  }

  #remember(key: string): void {
    this.#ids.add(key);
    const [oldest] = this.#ids.size > MAX_IDS ? this.#ids : [];
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** Who asked under which id: what a frame asks and answers. */
function keysOf(from: Sender, reading: Reading): readonly string[] {
  switch (reading.kind) {
    case 'request':
      return [keyOf(from, reading.id)];
    case 'result':
    case 'error':
      return [keyOf(peerOf(from), reading.id)];
    case 'batch':
      return reading.items.flatMap((item) => keysOf(from, item));
    case 'notification': {
      const { target } = reading.method === 'notifications/cancelled' ? outlineOf(reading) : BLANK;
      return target === undefined ? [] : [keyOf(from, target)];
    }
    case 'not-json':
    case 'not-json-rpc':
      return [];
  }
}

function hasTurn(reading: Reading): boolean {
  const isAnswer = reading.kind === 'result' || reading.kind === 'error';
  return !isAnswer && !(reading.kind === 'request' && reading.method !== 'initialize');
}

function keyOf(asker: Sender, id: IdText): string {
  return `${asker} ${id}`;
}

function printOf(bytes: Uint8Array): Print {
  return {
    length: bytes.length,
    head: byteText(bytes.subarray(0, MAX_KNOWN_BYTES)),
    tail: byteText(bytes.subarray(-MAX_KNOWN_BYTES)),
  };
}

/** Whether a frame can be what was passed on of another before its reader was gone. */
function isStart(one: Print, whole: Print): boolean {
  return one.length < whole.length && whole.head.startsWith(one.head);
}

function isSame(one: Print, other: Print): boolean {
  return one.length === other.length && one.head === other.head && one.tail === other.tail;
}
