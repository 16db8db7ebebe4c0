import { type Message, type Sender, jsonMembers } from '@mcp-dbg/wire';

import { RelayFrame } from '../relay-frame.ts';
import type { FaultAction } from './fault-rule.ts';
import type { Random } from './seeded-random.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** No byte of UTF-8. */
const NO_UTF8 = 0xff;

const encoder = new TextEncoder();

type How = Extract<FaultAction, { readonly kind: 'corrupt' }>['how'];

/** Damages a frame in one place; its newline stays, and no other comes in. */
export function corrupted(frame: RelayFrame, how: How, random: Random): RelayFrame {
  const body = bodyOf(frame.bytes);
  switch (how) {
    case 'bit':
      return changed(frame, withFlippedBit(body, random));
    case 'utf8': {
      const at = Math.floor(random() * (body.length + 1));
      return changed(frame, [body.subarray(0, at), Uint8Array.of(NO_UTF8), body.subarray(at)]);
    }
    case 'quote': {
      const at = indexOfSome(body, QUOTE, random);
      return changed(frame, at === -1 ? [body, Uint8Array.of(QUOTE)] : without(body, at));
    }
    case 'brace': {
      const at = body.lastIndexOf(CLOSE_BRACE);
      return changed(frame, at === -1 ? [Uint8Array.of(OPEN_BRACE), body] : without(body, at));
    }
  }
}

/** The first bytes of a frame, and no newline. */
export function truncated(frame: RelayFrame, bytes: number): RelayFrame {
  return ours(frame.from, bodyOf(frame.bytes).subarray(0, bytes));
}

/** A frame without its newline. */
export function glued(frame: RelayFrame): RelayFrame {
  return ours(frame.from, bodyOf(frame.bytes));
}

/** A frame that ends in a carriage return and a newline. */
export function withCrlf(frame: RelayFrame): RelayFrame {
  const body = bodyOf(frame.bytes);
  return ours(frame.from, joined([body, Uint8Array.of(CR, LF)]));
}

/** A frame that begins with a byte order mark. */
export function withBom(frame: RelayFrame): RelayFrame {
  return ours(frame.from, joined([Uint8Array.of(0xef, 0xbb, 0xbf), frame.bytes]));
}

/** A frame of `size` bytes or more: the same message, with spaces before its last brace. */
export function inflated(frame: RelayFrame, size: number): RelayFrame {
  const body = bodyOf(frame.bytes);
  const spaces = new Uint8Array(Math.max(0, size - frame.bytes.length)).fill(SPACE);
  const brace = body.lastIndexOf(CLOSE_BRACE);
  const at = brace === -1 ? body.length : brace;
  return changed(frame, [body.subarray(0, at), spaces, body.subarray(at)]);
}

/** The token of a message's id as it was written; undefined where there is none. */
export function idTokenOf({ text }: Message): string | undefined {
  const member = idMember(text);
  return member && text.slice(member.start, member.end);
}

/** A message with another id; every other byte stays. */
export function withId(frame: RelayFrame, { text }: Message, token: string): RelayFrame {
  const member = idMember(text);
  if (member === undefined) return frame;
  return changed(frame, [encoder.encode(text.slice(0, member.start) + token + text.slice(member.end))]);
}

/** A copy of a frame that a peer did not send. */
export function copied({ from, bytes, isPiece }: RelayFrame): RelayFrame {
  return new RelayFrame(from, bytes, { by: 'mcp-dbg', isPiece });
}

/** Bytes of our own. */
function ours(from: Sender, bytes: Uint8Array): RelayFrame {
  return new RelayFrame(from, bytes, { by: 'mcp-dbg' });
}

function idMember(text: string): { readonly start: number; readonly end: number } | undefined {
  return jsonMembers(text).findLast(({ key }) => key === 'id');
}

function withFlippedBit(body: Uint8Array, random: Random): readonly Uint8Array[] {
  if (body.length === 0) return [];
  const bytes = Uint8Array.from(body);
  const at = Math.floor(random() * bytes.length);
  const bit = Math.floor(random() * 8);
  const flipped = (bytes[at] ?? 0) ^ (1 << bit);
  // A newline would make two frames of it.
  bytes[at] = flipped === LF ? flipped ^ (bit === 0 ? 2 : 1) : flipped;
  return [bytes];
}

/** Where one of the bytes of that value stands; -1 where there is none. */
function indexOfSome(body: Uint8Array, value: number, random: Random): number {
  const count = body.reduce((found, byte) => found + (byte === value ? 1 : 0), 0);
  let at = body.indexOf(value);
  for (let left = Math.floor(random() * count); left > 0; left--) at = body.indexOf(value, at + 1);
  return at;
}

function without(body: Uint8Array, at: number): readonly Uint8Array[] {
  return [body.subarray(0, at), body.subarray(at + 1)];
}

/** Another body with the frame's own newline. */
function changed(frame: RelayFrame, body: readonly Uint8Array[]): RelayFrame {
  return ours(frame.from, joined([...body, frame.bytes.subarray(bodyOf(frame.bytes).length)]));
}

function bodyOf(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
