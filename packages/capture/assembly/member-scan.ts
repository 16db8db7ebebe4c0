// AssemblyScript, not TypeScript: this becomes the WebAssembly of src/node/member-scan-code.ts by
// `npx tsx scripts/member-scan.ts`. What it promises stands at `MemberScan` in src/skim/member-scan.ts.
//
// 64 bytes are looked at as one: each question about them ("which are quotes?") is answered with 64 bits. Bytes inside
// of strings, and those nested too deep to matter, are passed without being looked at one by one.

/** Members that are told of at most, each with five numbers: depth, start and end of the key, start and end of the value. */
const MAX_MEMBERS: i32 = 96;
const ENTRY_BYTES: i32 = 20;

/** Members of the object itself, and of objects that are its members. */
const MAX_DEPTH: i32 = 2;

// What may stand outside of strings, as a bit for each upper half of a byte: 2x 3x 4x 5x 6x 7x.
const UPPER: v128 = i8x16(0, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0);
const LOWER: v128 = i8x16(3, 18, 35, 34, 34, 54, 18, 2, 2, 2, 2, 41, 17, 41, 17, 0);

// @ts-ignore: decorator
@inline
function bits64(a: v128, b: v128, c: v128, d: v128): i64 {
  return (
    <i64>i8x16.bitmask(a) |
    (<i64>i8x16.bitmask(b) << 16) |
    (<i64>i8x16.bitmask(c) << 32) |
    (<i64>i8x16.bitmask(d) << 48)
  );
}

// @ts-ignore: decorator
@inline
function equal(a: v128, b: v128, c: v128, d: v128, to: v128): i64 {
  return bits64(i8x16.eq(a, to), i8x16.eq(b, to), i8x16.eq(c, to), i8x16.eq(d, to));
}

// @ts-ignore: decorator
@inline
function stranger(bytes: v128): v128 {
  const lower = i8x16.swizzle(LOWER, v128.and(bytes, i8x16.splat(0x0f)));
  const upper = i8x16.swizzle(UPPER, i8x16.shr_u(bytes, 4));
  return i8x16.eq(v128.and(lower, upper), i8x16.splat(0));
}

export function scan(from: i32, to: i32): i32 {
  const space = i8x16.splat(0x20);
  let inString: i64 = 0;
  let escaped: i64 = 0;
  let depth: i32 = 0;
  let count: i32 = 0;
  let key: i32 = 0;
  /** The entry of the last member of each depth. */
  let outer: i32 = -1;
  let inner: i32 = -1;
  for (let at = from; at < to; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const left = to - at;
    const valid: i64 = left >= 64 ? -1 : (<i64>1 << <i64>left) - 1;
    const least = v128.or(
      v128.or(i8x16.lt_u(a, space), i8x16.lt_u(b, space)),
      v128.or(i8x16.lt_u(c, space), i8x16.lt_u(d, space)),
    );
    if (v128.any_true(least)) {
      if (left >= 64) return -1;
      const controls = bits64(i8x16.lt_u(a, space), i8x16.lt_u(b, space), i8x16.lt_u(c, space), i8x16.lt_u(d, space));
      if ((controls & valid) != 0) return -1;
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
      quotes &= ~((even ^ (sum << 1)) & follows);
    }
    // Each bit becomes the parity of the quotes up to it: 1 from an opening quote to the one before the closing.
    let string = quotes;
    string ^= string << 1;
    string ^= string << 2;
    string ^= string << 4;
    string ^= string << 8;
    string ^= string << 16;
    string ^= string << 32;
    string ^= inString;
    inString = string >> 63;
    const outside = ~string & valid;
    if (outside == 0) continue;
    if ((bits64(stranger(a), stranger(b), stranger(c), stranger(d)) & outside) != 0) return -1;
    // With this bit set, brackets and braces are the same signs.
    const e = v128.or(a, space);
    const f = v128.or(b, space);
    const g = v128.or(c, space);
    const h = v128.or(d, space);
    const opens = equal(e, f, g, h, i8x16.splat(0x7b)) & outside;
    const closes = equal(e, f, g, h, i8x16.splat(0x7d)) & outside;
    const closing = <i32>popcnt(closes);
    if (depth - closing > MAX_DEPTH) {
      depth += <i32>popcnt(opens) - closing;
      continue;
    }
    const marks = equal(a, b, c, d, i8x16.splat(0x3a)) | equal(a, b, c, d, i8x16.splat(0x2c));
    let bits = opens | closes | (marks & outside) | (quotes & string);
    while (bits != 0) {
      const pos = at + <i32>ctz(bits);
      bits &= bits - 1;
      const sign = load<u8>(pos);
      if (sign == 0x22) {
        key = pos + 1;
      } else if (sign == 0x2c) {
        const ended = depth == 1 ? outer : depth == 2 ? inner : -1;
        if (ended >= 0) store<i32>(ended, pos, 16);
      } else if (sign == 0x3a) {
        if (depth > MAX_DEPTH) continue;
        let end = pos - 1;
        while (load<u8>(end) == 0x20) end--;
        if (count == MAX_MEMBERS || load<u8>(end) != 0x22 || end < key) return -1;
        for (let each = key; each < end; each++) if (load<u8>(each) == 0x5c) return -1;
        const entry = count * ENTRY_BYTES;
        store<i32>(entry, depth);
        store<i32>(entry, key, 4);
        store<i32>(entry, end, 8);
        store<i32>(entry, pos + 1, 12);
        if (depth == 1) outer = entry;
        else inner = entry;
        count++;
      } else if (sign == 0x7b || sign == 0x5b) {
        depth++;
        if (depth == 2) inner = -1;
      } else {
        const ended = depth == 1 ? outer : depth == 2 ? inner : -1;
        if (ended >= 0) store<i32>(ended, pos, 16);
        depth--;
        if (depth <= 0) return depth == 0 && pos + 1 == to ? count : -1;
      }
    }
  }
  return -1;
}
