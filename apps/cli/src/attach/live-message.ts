import type { HeldFrame, HoldEnd, HoldEvent } from '@mcp-dbg/relay/hold';
import type { Sender } from '@mcp-dbg/wire';

/** The version of what is said at the socket; another one is not understood. */
export const LIVE_VERSION = 1;

/** Bytes of a frame that come without being asked for: of one that is held, and of one that passes. */
const SHOWN = { held: 64 * 1024, passed: 4 * 1024 } as const;

/** What a proxy says, a line of JSON each. It begins with `hello` and what is held then. */
export type FromProxy =
  | {
      readonly type: 'hello';
      readonly v: number;
      readonly pid: number;
      readonly label: string;
      /** Where it records; null where it does not. */
      readonly capture: string | null;
      /** When it began to listen, in ISO 8601. */
      readonly since: string;
      readonly filters: readonly string[];
      readonly holdMs: number;
    }
  | HeldMessage
  | ({ readonly type: 'passed' } & FrameFields)
  | { readonly type: 'settled'; readonly number: number; readonly how: HoldEnd; readonly ms: number }
  /** Nothing is held any more. */
  | { readonly type: 'off'; readonly reason: string }
  /** The command of this number was done. `behind`: the held frame that has to go first. */
  | {
      readonly type: 'done';
      readonly re: number;
      readonly behind: number | null;
      /** False where what is sent is not JSON. */
      readonly isJson: boolean;
      /** How many frames were let go, of `all`. */
      readonly frames: number | null;
    }
  /** A whole frame, as it was asked for. */
  | ({ readonly type: 'frame'; readonly re: number } & Omit<HeldMessage, 'type'>)
  /** The command of this number, or a line that is no command (null), was not done. */
  | { readonly type: 'refused'; readonly re: number | null; readonly code: string; readonly message: string }
  | { readonly type: 'bye' };

/** A frame as it is told. */
interface FrameFields {
  readonly from: Sender;
  readonly kind: string;
  /** The id as JSON text. */
  readonly id: string | null;
  readonly method: string | null;
  readonly tool: string | null;
  readonly status: string | null;
  /** Size of the frame with its newline. */
  readonly bytes: number;
  /** There where mcp-dbg itself made or changed it. */
  readonly by?: 'mcp-dbg';
  /** The text without its newline, or null where it is not UTF-8. */
  readonly raw: string | null;
  /** The bytes, where they are not UTF-8. */
  readonly rawBase64?: string;
  /** True where this is only its beginning. */
  readonly isCut: boolean;
}

export interface HeldMessage extends FrameFields {
  readonly type: 'held';
  readonly number: number;
  /** Milliseconds until it goes on by itself. */
  readonly leftMs: number;
}

/** What somebody at a proxy wants of it, a line of JSON each, with a number that the answer repeats. */
export type ToProxy = { readonly v: number; readonly re: number } & LiveCommand;

export type LiveCommand =
  | { readonly do: 'accept' | 'drop' | 'show'; readonly number: number }
  | { readonly do: 'edit' | 'reply'; readonly number: number; readonly text: string }
  | { readonly do: 'add'; readonly to: Sender; readonly text: string }
  | { readonly do: 'all' };

/** Tells of a held frame; `whole` for all of its bytes. */
export function heldMessage(held: HeldFrame, leftMs: number, whole = false): HeldMessage {
  const { number, from, bytes, isOurs, what } = held;
  const fields = frameFields({ from, bytes, isOurs, what }, whole ? Infinity : SHOWN.held);
  return { type: 'held', number, leftMs, ...fields };
}

/** Tells of a frame that passed. */
export function passedMessage(event: HoldEvent & { readonly kind: 'passed' }): FromProxy {
  return { type: 'passed', ...frameFields(event, SHOWN.passed) };
}

function frameFields(
  { from, bytes, isOurs, what }: Pick<HeldFrame, 'from' | 'bytes' | 'isOurs' | 'what'>,
  most: number,
): FrameFields {
  const line = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  const isCut = line.length > most;
  const shown = isCut ? line.subarray(0, most) : line;
  const raw = textOf(shown, isCut);
  return {
    from,
    kind: what.kind,
    id: what.id ?? null,
    method: what.method ?? null,
    tool: what.tool ?? null,
    status: what.status ?? null,
    bytes: bytes.length,
    ...(isOurs && { by: 'mcp-dbg' as const }),
    raw: raw ?? null,
    ...(raw === undefined && { rawBase64: Buffer.from(shown).toString('base64') }),
    isCut,
  };
}

/** Undefined where the bytes are not UTF-8. Of a beginning, a character that is cut in two is left out. */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

/** Reads a line of somebody at the socket. A text says what is wrong with it. */
export function readCommand(line: string): ToProxy | { readonly re: number | null; readonly problem: string } {
  const value = parsed(line);
  if (value === undefined) return { re: null, problem: 'a line is a JSON object' };
  const re = isCount(value['re']) ? value['re'] : null;
  if (re === null) return { re, problem: '"re" is a whole number, which the answer repeats' };
  if (value['v'] !== LIVE_VERSION)
    return { re, problem: `"v" is ${LIVE_VERSION}: another version of mcp-dbg runs here` };
  const { do: what, number, text, to } = value;
  const head = { v: LIVE_VERSION, re };
  switch (what) {
    case 'all':
      return { ...head, do: what };
    case 'accept':
    case 'drop':
    case 'show':
      return isCount(number) ? { ...head, do: what, number } : { re, problem: '"number" is that of a held frame' };
    case 'edit':
    case 'reply':
      if (!isCount(number)) return { re, problem: '"number" is that of a held frame' };
      return typeof text === 'string' ? { ...head, do: what, number, text } : { re, problem: '"text" is a text' };
    case 'add':
      if (to !== 'client' && to !== 'server') return { re, problem: '"to" is client or server' };
      return typeof text === 'string' ? { ...head, do: what, to, text } : { re, problem: '"text" is a text' };
    default:
      return { re, problem: '"do" is accept, edit, drop, reply, add, all or show' };
  }
}

/** Reads a line of a proxy; undefined for what is no message of ours. Its fields are the proxy's word. */
export function readFromProxy(line: string): FromProxy | undefined {
  const value = parsed(line);
  const isKnown = typeof value?.['type'] === 'string' && Object.hasOwn(FIELDS, value['type']);
  if (!isKnown) return undefined;
  const fields: Readonly<Record<string, string>> = FIELDS[value['type'] as FromProxy['type']];
  const fits = Object.entries(fields).every(([name, type]) => typeOf(value[name], type));
  return fits ? (value as unknown as FromProxy) : undefined;
}

const FRAME = { from: 'sender', kind: 'text', bytes: 'number', isCut: 'flag', raw: 'text?' } as const;
const NAMES = { id: 'text?', method: 'text?', tool: 'text?', status: 'text?' } as const;

/** What must be there of each message, and of which type it is. */
const FIELDS: Readonly<Record<FromProxy['type'], Readonly<Record<string, string>>>> = {
  hello: {
    v: 'number',
    pid: 'number',
    label: 'text',
    capture: 'text?',
    since: 'text',
    holdMs: 'number',
    filters: 'texts',
  },
  held: { number: 'number', leftMs: 'number', ...FRAME, ...NAMES },
  passed: { ...FRAME, ...NAMES },
  settled: { number: 'number', how: 'text', ms: 'number' },
  off: { reason: 'text' },
  done: { re: 'number', behind: 'number?', isJson: 'flag', frames: 'number?' },
  frame: { re: 'number', number: 'number', leftMs: 'number', ...FRAME, ...NAMES },
  refused: { re: 'number?', code: 'text', message: 'text' },
  bye: {},
};

function typeOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number';
    case 'number?':
      return value === null || typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'text?':
      return value === null || typeof value === 'string';
    case 'texts':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'flag':
      return typeof value === 'boolean';
    default:
      return value === 'client' || value === 'server';
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
