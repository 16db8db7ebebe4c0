// Long because the scan is one program that is compiled alone: AssemblyScript would need imports by another rule.
//
// AssemblyScript, not TypeScript: this becomes the WebAssembly of src/node/line-scan-code.ts by
// `npx tsx scripts/line-scan.ts`. What it promises, and the places in memory, stand in src/skim/line-scan.ts.
//
// Of a line, 64 bytes are looked at as one: each question about them ("which are quotes?") is answered with 64 bits.
// Bytes inside of strings are passed without being looked at one by one. Outside of them, each sign is checked against
// the one before it, at every depth: what is taken is JSON.

const NEXT: i32 = 0;
const START_LENGTH: i32 = 4;
const START: i32 = 64;
const KEY_INDEX: i32 = 4096;
const MAX_KEY: i32 = 64;
const ROWS: i32 = 8192;
const ROW_BYTES: i32 = 192;
const MAX_ROWS: i32 = 2048;
const LINE_ROW: i32 = ROWS + MAX_ROWS * ROW_BYTES;
const SLOTS_AT: i32 = 32;
const SLOT_BYTES: i32 = 8;

/** Slots of members whose own members are looked at, and the groups of keys that count there. */
const PARAMS: i32 = 2;
const RESULT: i32 = 3;
const META: i32 = 7;
const OF_MESSAGE: i32 = 0;
const OF_PARAMS: i32 = 1;
const OF_RESULT: i32 = 2;
const OF_META: i32 = 3;
const OF_OTHERS: i32 = -1;

const FIRST_OF_PARAMS: i32 = 5;
const FIRST_OF_RESULT: i32 = 12;
const FIRST_OF_META: i32 = 16;
const SLOTS: i32 = 20;

// What may stand behind a backslash, as a bit for each upper half of a byte: 2x 5x 6x 7x; `u` has a bit of its own.
const UPPER_ESCAPED: v128 = i8x16(0, 0, 1, 0, 0, 2, 4, 24, 0, 0, 0, 0, 0, 0, 0, 0);
const LOWER_ESCAPED: v128 = i8x16(0, 0, 13, 0, 8, 16, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
const UNICODE: i8 = 16;

const SIX: u64 = 0xffffffffffff;
const US: u64 = 0x3a227375222c; // ,"us":
const CONN: u64 = 0x3a226e6e6f63222c; // ,"conn":
const FROM: u64 = 0x3a226d6f7266222c; // ,"from":
const CLIENT: u64 = 0x746e65696c63; // client
const SERVER: u64 = 0x726576726573; // server
const SIZE: u64 = 0x3a226e222c22; // ","n":
const HEADER: u64 = 0x223a2274227b; // {"t":"
const TRUE: u32 = 0x65757274; // true
const NULL: u32 = 0x6c6c756e; // null
const FALS: u32 = 0x736c6166; // fals

const MAX_HEADER: i32 = 256;
const MAX_DATA: i64 = 16777216;
const MAX_DIGITS: i32 = 15;

/** Deeper lines are left to be read whole: the containers that are open are bits of one number. */
const MAX_DEPTH: i32 = 60;

/** Where the number ended that was read last. */
let numberEnd: i32 = 0;

// Of the line that is looked at, what goes on from one 64 bytes to the next.
/** 1 where a value may begin: the last sign that is no space was a comma, a colon or opened something. */
let isBefore: i64 = 0;
/** 1 where the last byte was one of a number or a word. */
let isInWord: i64 = 0;
/** For each container that is open, the innermost last: 1 for an object, and 1 where its last separator was a colon. */
let objects: i64 = 0;
let filled: i64 = 0;
let nested: i32 = 0;

function bits64(a: v128, b: v128, c: v128, d: v128): i64 {
  return (
    <i64>i8x16.bitmask(a) |
    ((<i64>i8x16.bitmask(b)) << 16) |
    ((<i64>i8x16.bitmask(c)) << 32) |
    ((<i64>i8x16.bitmask(d)) << 48)
  );
}

function equal(a: v128, b: v128, c: v128, d: v128, to: v128): i64 {
  return bits64(i8x16.eq(a, to), i8x16.eq(b, to), i8x16.eq(c, to), i8x16.eq(d, to));
}

function escapeOf(bytes: v128): v128 {
  const lower = i8x16.swizzle(LOWER_ESCAPED, v128.and(bytes, i8x16.splat(0x0f)));
  return v128.and(lower, i8x16.swizzle(UPPER_ESCAPED, i8x16.shr_u(bytes, 4)));
}

function isHex(at: i32, to: i32): bool {
  if (at + 4 > to) return false;
  for (let pos = at; pos < at + 4; pos++) {
    const sign = load<u8>(pos);
    const letter = sign | 0x20;
    if (!((sign >= 0x30 && sign <= 0x39) || (letter >= 0x61 && letter <= 0x66))) return false;
  }
  return true;
}

function isSame(at: i32, other: i32, length: i32): bool {
  let index: i32 = 0;
  for (; index + 8 <= length; index += 8) if (load<u64>(at + index) != load<u64>(other + index)) return false;
  for (; index < length; index++) if (load<u8>(at + index) != load<u8>(other + index)) return false;
  return true;
}

/** A number of plain digits; -1 where there is none that JSON would have and a double holds exactly. */
function numberAt(from: i32): i64 {
  let value: i64 = 0;
  let at = from;
  while (true) {
    const digit = <i32>load<u8>(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    if (at - from == MAX_DIGITS) return -1;
    value = value * 10 + digit;
    at++;
  }
  numberEnd = at;
  return at == from || (at - from > 1 && load<u8>(from) == 0x30) ? -1 : value;
}

/** The slot of a key in a group; -1 where it has none. Candidates are listed by group and length. */
function slotOf(group: i32, key: i32, length: i32): i32 {
  if (length >= MAX_KEY) return -1;
  let entry = load<i32>(KEY_INDEX + (group * MAX_KEY + length) * 4);
  for (; entry != 0; entry = load<i32>(entry)) {
    if (isSame(key, entry + 8, length)) return load<i32>(entry, 4);
  }
  return -1;
}

function clear(row: i32, from: i32, to: i32): void {
  for (let slot = from; slot < to; slot++) store<i32>(row + SLOTS_AT + slot * SLOT_BYTES, 0);
}

function begin(row: i32, slot: i32, from: i32): void {
  // Of two members of one name the last counts, and nothing of the first.
  if (slot == PARAMS) clear(row, FIRST_OF_PARAMS, FIRST_OF_RESULT);
  if (slot == PARAMS || slot == META) clear(row, FIRST_OF_META, SLOTS);
  if (slot == RESULT) clear(row, FIRST_OF_RESULT, FIRST_OF_META);
  let start = from;
  while (load<u8>(start) == 0x20) start++;
  store<i32>(row + SLOTS_AT + slot * SLOT_BYTES, start);
}

function end(row: i32, slot: i32, to: i32): void {
  let at = to;
  while (load<u8>(at - 1) == 0x20) at--;
  store<i32>(row + SLOTS_AT + slot * SLOT_BYTES, at, 4);
}

/** The sign before a place, whatever space there is between. */
function before(at: i32): i32 {
  let pos = at - 1;
  while (load<u8>(pos) == 0x20) pos--;
  return load<u8>(pos);
}

/** The place behind digits; 0 where there are none. */
function digitsEnd(at: i32): i32 {
  let pos = at;
  while (<u32>(<i32>load<u8>(pos) - 0x30) <= 9) pos++;
  return pos == at ? 0 : pos;
}

/** The place behind a number as JSON has them; 0 where there is none. */
function numberOf(at: i32): i32 {
  let pos = load<u8>(at) == 0x2d ? at + 1 : at;
  pos = load<u8>(pos) == 0x30 ? pos + 1 : digitsEnd(pos);
  if (pos != 0 && load<u8>(pos) == 0x2e) pos = digitsEnd(pos + 1);
  if (pos == 0 || (load<u8>(pos) | 0x20) != 0x65) return pos;
  const sign = load<u8>(pos + 1);
  return digitsEnd(sign == 0x2b || sign == 0x2d ? pos + 2 : pos + 1);
}

/** True where a number, `true`, `false` or `null` stands, and nothing that hangs on to it, whatever sign that is. */
function isScalar(at: i32): bool {
  const four = load<u32>(at);
  let pos = 0;
  if (four == TRUE || four == NULL) pos = at + 4;
  else if (four == FALS && load<u8>(at, 4) == 0x65) pos = at + 5;
  else pos = numberOf(at);
  const sign = load<u8>(pos);
  return pos != 0 && (sign == 0x2c || sign == 0x7d || sign == 0x5d || sign == 0x20);
}

/** Each bit becomes the parity of those up to it. */
function parityOf(bits: i64): i64 {
  let parity = bits;
  parity ^= parity << 1;
  parity ^= parity << 2;
  parity ^= parity << 4;
  parity ^= parity << 8;
  parity ^= parity << 16;
  return parity ^ (parity << 32);
}

/**
 * True where each sign of 64 bytes may follow the one before it, whatever container it is in: values where there can be
 * one, and separators and ends where there was one. What else there is to it, `nests` tells.
 */
function isInOrder(at: i32, values: i64, opens: i64, closes: i64, separators: i64, words: i64, spaces: i64): bool {
  let firsts = words & ~((words << 1) | isInWord);
  isInWord = <i64>(<u64>words >> 63);
  const befores = opens | separators;
  let follows = (befores << 1) | isBefore;
  isBefore = <i64>(<u64>befores >> 63);
  if (spaces != 0) {
    // Added to a run of spaces, what stands at its start comes out behind its end.
    const sum = (follows & spaces) + spaces;
    isBefore |= <i64>(<u64>sum < <u64>spaces);
    follows = (follows | sum) & ~spaces;
  }
  if (((values | firsts) & ~follows) != 0 || (separators & follows) != 0) return false;
  let empty = closes & follows;
  while (empty != 0) {
    if ((before(at + <i32>ctz(empty)) | 0x20) != 0x7b) return false;
    empty &= empty - 1;
  }
  while (firsts != 0) {
    if (!isScalar(at + <i32>ctz(firsts))) return false;
    firsts &= firsts - 1;
  }
  return true;
}

/** True where colons stand behind strings. */
function areNamed(at: i32, colons: i64, closings: i64): bool {
  let lone = colons & ~(closings << 1);
  while (lone != 0) {
    if (before(at + <i32>ctz(lone)) != 0x22) return false;
    lone &= lone - 1;
  }
  return true;
}

/**
 * True where brackets match, colons and commas take turns in each object, beginning and ending with a colon, and no
 * colon is in an array. Between two brackets of any kind all separators are of one container.
 */
function nests(at: i32, opens: i64, closes: i64, commas: i64, colons: i64): bool {
  const separators = commas | colons;
  const odd = parityOf(separators);
  let rest = opens | closes;
  let here: i64 = -1;
  let base: i64 = 0;
  while (true) {
    const bit = rest & -rest;
    const part = bit == 0 ? here : here & (bit - 1);
    if ((objects & 1) == 0) {
      if ((colons & part) != 0) return false;
    } else {
      const turn = odd ^ base ^ -(filled & 1);
      if (((turn ^ colons) & separators & part) != 0) return false;
      filled ^= popcnt(separators & part) & 1;
    }
    if (bit == 0) return true;
    const pos = at + <i32>ctz(bit);
    const isObject = <i64>((load<u8>(pos) >> 5) & 1);
    if ((opens & bit) != 0) {
      if (++nested > MAX_DEPTH) return false;
      objects = (objects << 1) | isObject;
      filled <<= 1;
    } else {
      if ((objects & 1) != isObject) return false;
      if (isObject != 0 && (filled & 1) == 0 && before(pos) != 0x7b) return false;
      objects = <i64>(<u64>objects >> 1);
      filled = <i64>(<u64>filled >> 1);
      nested--;
    }
    base = (odd & bit) == 0 ? 0 : -1;
    here = ~(bit | (bit - 1));
    rest ^= bit;
  }
}

/** Finds the members of the object that stands there; false where that is not certain to be right. */
function members(row: i32, from: i32, to: i32): bool {
  clear(row, 0, SLOTS);
  isBefore = 1;
  isInWord = 0;
  objects = 0;
  filled = 0;
  nested = 0;
  const space = i8x16.splat(0x20);
  let inString: i64 = 0;
  let escaped: i64 = 0;
  let depth: i32 = 0;
  let key: i32 = 0;
  /** The slot of the member that goes on at each depth, and the group of keys there. */
  let slot1: i32 = -1;
  let slot2: i32 = -1;
  let slot3: i32 = -1;
  let group2: i32 = OF_OTHERS;
  let group3: i32 = OF_OTHERS;
  for (let at = from; at < to; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const left = to - at;
    const valid: i64 = left >= 64 ? -1 : ((<i64>1) << (<i64>left)) - 1;
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d));
    if (v128.any_true(i8x16.lt_u(least, space))) {
      const each = bits64(i8x16.lt_u(a, space), i8x16.lt_u(b, space), i8x16.lt_u(c, space), i8x16.lt_u(d, space));
      if ((each & valid) != 0) return false;
    }
    let quotes = equal(a, b, c, d, i8x16.splat(0x22)) & valid;
    const slashes = equal(a, b, c, d, i8x16.splat(0x5c)) & valid;
    if ((slashes | escaped) != 0) {
      // A backslash escapes what follows unless it is escaped itself: in a run of them, every other one is.
      const even: i64 = 0x5555555555555555;
      const starts = slashes & ~escaped;
      const follows = (starts << 1) | escaped;
      const oddStarts = starts & ~even & ~follows;
      const sum = oddStarts + starts;
      escaped = <i64>(<u64>sum < <u64>starts);
      const taken = (even ^ (sum << 1)) & follows & valid;
      quotes &= ~taken;
      const none = i8x16.splat(0);
      const u = i8x16.splat(UNICODE);
      const p = escapeOf(a);
      const q = escapeOf(b);
      const r = escapeOf(c);
      const s = escapeOf(d);
      if ((equal(p, q, r, s, none) & taken) != 0) return false;
      let unicode = equal(p, q, r, s, u) & taken;
      while (unicode != 0) {
        if (!isHex(at + <i32>ctz(unicode) + 1, to)) return false;
        unicode &= unicode - 1;
      }
    }
    // 1 from an opening quote to the one before the closing.
    let string = inString;
    if (quotes != 0) {
      string ^= parityOf(quotes);
      inString = string >> 63;
    }
    const outside = ~string & valid;
    if ((outside | quotes) == 0) continue;
    // With this bit set, brackets and braces are the same signs.
    const e = v128.or(a, space);
    const f = v128.or(b, space);
    const g = v128.or(c, space);
    const h = v128.or(d, space);
    const opens = equal(e, f, g, h, i8x16.splat(0x7b)) & outside;
    const closes = equal(e, f, g, h, i8x16.splat(0x7d)) & outside;
    const commas = equal(a, b, c, d, i8x16.splat(0x2c)) & outside;
    const colons = equal(a, b, c, d, i8x16.splat(0x3a)) & outside;
    const openings = quotes & string;
    const closings = quotes & ~string;
    const separators = commas | colons;
    const spaces = equal(a, b, c, d, space) & outside;
    const words = outside & ~(closings | opens | closes | separators | spaces);
    if (!isInOrder(at, openings | opens, opens, closes, separators, words, spaces)) return false;
    if (!areNamed(at, colons, closings) || !nests(at, opens, closes, commas, colons)) return false;
    const closing = <i32>popcnt(closes);
    if (depth - closing > (group3 == OF_META ? 3 : 2)) {
      depth += <i32>popcnt(opens) - closing;
      continue;
    }
    let bits = opens | closes | separators | openings;
    while (bits != 0) {
      const pos = at + <i32>ctz(bits);
      bits &= bits - 1;
      const sign = load<u8>(pos);
      if (sign == 0x22) {
        key = pos + 1;
      } else if (sign == 0x3a) {
        const group = depth == 1 ? OF_MESSAGE : depth == 2 ? group2 : depth == 3 ? group3 : OF_OTHERS;
        if (group == OF_OTHERS) continue;
        let keyEnd = pos - 1;
        while (load<u8>(keyEnd) == 0x20) keyEnd--;
        for (let each = key; each < keyEnd; each++) if (load<u8>(each) == 0x5c) return false;
        const slot = slotOf(group, key, keyEnd - key);
        if (slot >= 0) begin(row, slot, pos + 1);
        if (depth == 1) slot1 = slot;
        else if (depth == 2) slot2 = slot;
        else slot3 = slot;
      } else if (sign == 0x2c) {
        const slot = depth == 1 ? slot1 : depth == 2 ? slot2 : depth == 3 ? slot3 : -1;
        if (slot < 0) continue;
        end(row, slot, pos);
        if (depth == 1) slot1 = -1;
        else if (depth == 2) slot2 = -1;
        else slot3 = -1;
      } else if (sign == 0x7b || sign == 0x5b) {
        depth++;
        if (depth == 2) {
          slot2 = -1;
          group2 = sign == 0x5b ? OF_OTHERS : slot1 == PARAMS ? OF_PARAMS : slot1 == RESULT ? OF_RESULT : OF_OTHERS;
        } else if (depth == 3) {
          slot3 = -1;
          group3 = sign == 0x7b && group2 == OF_PARAMS && slot2 == META ? OF_META : OF_OTHERS;
        }
      } else {
        const slot = depth == 1 ? slot1 : depth == 2 ? slot2 : depth == 3 ? slot3 : -1;
        if (slot >= 0) end(row, slot, pos);
        if (depth == 2) slot2 = -1;
        else if (depth == 3) {
          slot3 = -1;
          group3 = OF_OTHERS;
        }
        depth--;
        if (depth <= 0) return depth == 0 && pos + 1 == to;
      }
    }
  }
  return false;
}

export function line(from: i32, to: i32): i32 {
  return load<u8>(from) == 0x7b && members(LINE_ROW, from, to) ? 1 : 0;
}

/** Reads the record that starts there into a row. Gives where the next one starts; 0 where this is to be done with care. */
function record(row: i32, at: i32, to: i32): i32 {
  const startLength = load<i32>(START_LENGTH);
  if (at + MAX_HEADER > to || !isSame(at, START, startLength)) return 0;
  if (numberAt(at + startLength) < 0) return 0;
  let pos = numberEnd;
  if ((load<u64>(pos) & SIX) != US) return 0;
  const us = numberAt(pos + 6);
  if (us < 0) return 0;
  pos = numberEnd;
  let conn: i64 = 1;
  if (load<u64>(pos) == CONN) {
    conn = numberAt(pos + 8);
    if (conn < 0 || conn > 0x7fffffff) return 0;
    pos = numberEnd;
  }
  if (load<u64>(pos) != FROM || load<u8>(pos, 8) != 0x22) return 0;
  const from = load<u64>(pos, 9) & SIX;
  if ((from != CLIENT && from != SERVER) || (load<u64>(pos, 15) & SIX) != SIZE) return 0;
  const n = numberAt(pos + 21);
  pos = numberEnd;
  if (n < 1 || n > MAX_DATA || load<u16>(pos) != 0x0a7d) return 0;
  const start = pos + 2;
  const next = start + <i32>n;
  // What stands behind a record tells that it is whole.
  if (next + 8 > to || (load<u64>(next) & SIX) != HEADER) return 0;
  if (load<u8>(start) != 0x7b || load<u8>(next - 1) != 0x0a) return 0;
  const lineEnd = next - 1;
  if (!members(row, start, load<u8>(lineEnd - 1) == 0x0d ? lineEnd - 1 : lineEnd)) return 0;
  store<f64>(row, <f64>us);
  store<i32>(row, <i32>conn, 8);
  store<i32>(row, from == CLIENT ? 0 : 1, 12);
  store<i32>(row, start, 16);
  store<i32>(row, lineEnd, 20);
  return next;
}

export function records(from: i32, to: i32): i32 {
  let at = from;
  let count: i32 = 0;
  while (count < MAX_ROWS) {
    const next = record(ROWS + count * ROW_BYTES, at, to);
    if (next == 0) break;
    at = next;
    count++;
  }
  store<i32>(NEXT, at);
  return count;
}
