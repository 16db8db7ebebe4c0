/** Where a command ran: what of it must not get into a page. All absolute. */
export interface Place {
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly path: string;
}

const FIRST_PID = 4101;
const FIRST_MARK = 0x9f3c21d07a1be844n;
const FIRST_FINGERPRINT = 0x5a0c7e11;
const PIDS = [/(\bpid )(\d+)/g, /(\\?"p?pid\\?": ?)(\d+)/g, /(-)(\d+)(?=\.mcpcap\b)/g] as const;
const MARKS = [/(\\?"c\\?": ?\\?")([0-9a-f]{16})\b/g] as const;
/** What stands for one secret in one run of a redaction. */
const FINGERPRINTS = [/(«redacted:[a-z0-9-]+:)([0-9a-f]{8})(?=»)/g] as const;
const INTERPRETER = /(?<=^|[\s"'(=[])\/[^\s"'():]*\/(node|python3?)(?:\.\d+)?(?=$|[\s"'),:\\])/gm;

/** What a command printed, the same on every machine: its own folders, and pids, marks and fingerprints in the order they came. */
export function steady(output: string, { root, home, temp, path }: Place): string {
  const placed = output
    .replaceAll(path, '/usr/local/bin:/usr/bin:/bin')
    .replaceAll(home, '~')
    .replaceAll(temp, '/tmp')
    .replaceAll(`file://${root}/`, '')
    .replaceAll(`${root}/`, '')
    .replaceAll(root, '~/mcp-dbg')
    .replaceAll(INTERPRETER, '$1')
    .replaceAll(/(\/tmp\/[\w.-]*-)\w{6}\b/g, '$1XXXXXX');
  const numbered = inOrder(placed, PIDS, (index) => String(FIRST_PID + index));
  const marked = inOrder(numbered, MARKS, (index) => (FIRST_MARK + BigInt(index)).toString(16));
  return inOrder(marked, FINGERPRINTS, (index) => (FIRST_FINGERPRINT + index).toString(16));
}

/** Gives each value that one of the patterns finds behind their first group another name, by its first place. */
function inOrder(text: string, patterns: readonly RegExp[], name: (index: number) => string): string {
  const places = patterns.flatMap((pattern) => [...text.matchAll(pattern)]).toSorted((a, b) => a.index - b.index);
  const values = [...new Set(places.map(([, , value = '']) => value))];
  const renamed = (_: string, before: string, value: string): string => before + name(values.indexOf(value));
  let result = text;
  for (const pattern of patterns) result = result.replaceAll(pattern, renamed);
  return result;
}

const CHANGING = [
  // A colour, so that what follows it begins a word.
  // oxlint-disable-next-line no-control-regex -- it begins with a control character
  [/\x1b\[([\d;]*)m/g, '⟦$1⟧'],
  // Wall times, as people and as file names write them.
  [/\d{4}-?\d\d-?\d\d[T ]\d\d:?\d\d(:?\d\d(\.\d+)?)?Z?/g, 'STAMP'],
  [/\b\d\d:\d\d(:\d\d(\.\d+)?)?\b/g, 'CLOCK'],
  // Durations and sizes, with the blanks that align them.
  [/ *(\b\d+(\.\d+)? ?(h|min|m|s|ms|µs)\b ?)+(before\b)? */g, ' TIME '],
  [/ *\b\d+(\.\d+)? ?([kMG]i?)?B\b *(\/ *\d+(\.\d+)? ?([kMG]i?)?B\b *)?/g, ' SIZE '],
  [/\b\d+ bytes( at \d+)?/g, 'SIZE'],
  // Shares of the time.
  [/ *\b\d+% */g, ' SHARE '],
  // Tokens are counted from requests, which hold paths.
  [/\b[\d,]+ tokens in, [\d,]+ out\b/g, 'TOKENS'],
  [/(\\?"(us|ms|bytes|\w+Ms)\\?": ?)(\d+(\.\d+)?|null)/g, '$1N'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID'],
  // What is of one version of Node or one platform.
  [/\(?\bnode:[\w/]+:\d+:\d+\)?/g, 'NODE'],
  [/\bv\d+\.\d+\.\d+\b/g, 'VERSION'],
  [/~\/(\.local\/state|Library\/Application Support)\/mcp-dbg/g, 'STATE'],
] as const;

/** What has to be equal in two runs of the same command: all but times, sizes and the versions of what it runs on. */
export function timeless(text: string): string {
  let result = text;
  for (const [pattern, word] of CHANGING) result = result.replaceAll(pattern, word);
  // The head of a table is as wide as the times and sizes below it.
  return result.replaceAll(/^ *[a-z#+][a-z\d#%+ ]* {2}[a-z\d#%+ ]+$/gm, (head) => head.replaceAll(/ {2,}/g, '  '));
}

/** The beginning of a line, cut where its timeless form is `longest` characters long. A longer one ends in `…`. */
export function cutLine(line: string, longest: number): string {
  if (timeless(line).length <= longest) return line;
  let end = 0;
  while (end < line.length && timeless(line.slice(0, end + 1)).length <= longest) end++;
  return `${line.slice(0, end)}…`;
}
