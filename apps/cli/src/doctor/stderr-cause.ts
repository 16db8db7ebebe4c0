/** Why a program did not run, as far as its stderr tells. `other`: it says something, and not one of these. */
type CauseKind =
  /** A Python module is not installed, or not in the version that is imported. */
  | 'python-module'
  /** An npm package is not installed. */
  | 'node-module'
  /** The package to run cannot be fetched. */
  | 'package'
  /** A file or a folder is not there. */
  | 'file'
  /** A program that it starts itself, or the interpreter in its first line, is not in PATH. */
  | 'command'
  /** The interpreter is too old, or is none for this language or kind of module. */
  | 'interpreter'
  | 'variable'
  | 'permission'
  | 'port'
  | 'other';

/** The sentence of stderr that matters, and what it is about. */
export interface StderrCause {
  readonly kind: CauseKind;
  readonly quote: string;
  /** The module, file, command, variable … that it names; empty where it names none. */
  readonly name: string;
}

/** Characters of a quote at most. */
const MAX_QUOTE = 300;
/** Characters of a line that are looked at: a pattern must not take long, whatever a server writes. */
const MAX_LINE = 600;

type Shape = readonly [kind: CauseKind, pattern: RegExp];

/** What programs say of causes that we know; the first group is the name. Earlier rows win. */
const SHAPES: readonly Shape[] = [
  ['python-module', /ModuleNotFoundError: No module named '?([\w.]+)/],
  ['python-module', /ImportError: cannot import name '[^']{1,200}' from '?([\w.]+)/],
  ['python-module', /(?:^|: )No module named ([\w.]+)/],
  ['file', /can't open file '([^']{1,400})'/],
  ['file', /Cannot find module '((?:\/|\.{1,2}\/|file:)[^']{1,400})'/],
  ['node-module', /Cannot find (?:module|package) '([^']{1,200})'/],
  ['package', /npm (?:error|ERR!) 404 {1,4}'?([^' ]{1,200})' is not in this registry/],
  ['package', /npm (?:error|ERR!) 404 Not Found - GET [^ ]{1,200}\/([^/ ]{1,200})/],
  ['package', /could not determine executable to run/],
  ['package', /Because ([\w.-]{1,100}) was not found in the package registry/],
  ['interpreter', /Unknown file extension "([^"]{1,20})"/],
  ['interpreter', /Cannot use import statement outside a module|require is not defined in ES module scope/],
  ['interpreter', /NODE_MODULE_VERSION|EBADENGINE|engine "node" is incompatible/],
  ['interpreter', /requires? (?:at least )?(node(?:\.js)?|python)(?: version)? ?[>=v]{0,3} ?\d/i],
  ['interpreter', /ReferenceError: (?:fetch|File|structuredClone|WebSocket|ReadableStream|navigator) is not defined/],
  ['interpreter', /^(?:Syntax|Indentation|Tab)Error: /],
  ['command', /^(?:\/\S{1,40}\/)?env: ['"‘`]?([^'"’`:]{1,100})['"’`]?: No such file/],
  ['command', /^(?:\/\S{1,40}\/)?(?:ba|da|z|k)?sh: (?:line )?(?:\d{1,6}: )?([^:]{1,100}): (?:command )?not found/],
  ['command', /\bspawn ([^ ]{1,200}) ENOENT/],
  ['permission', /\b(?:EACCES|EPERM|EROFS)\b[^']{0,100}(?:'([^']{1,400})')?/],
  ['permission', /(?:PermissionError|Read-only file system)[^']{0,100}(?:'([^']{1,400})')?/],
  ['permission', /permission denied/i],
  ['port', /EADDRINUSE[^\d]{0,60}(?:\S{0,60}:)?(\d{2,5})?/],
  ['port', /address already in use/i],
  ['file', /(?:ENOENT|FileNotFoundError)[^']{0,100}(?:'([^']{1,400})')?/],
  ['file', /No such file or directory/],
  ['variable', /KeyError: '([A-Z][A-Z0-9_]{2,80})'/],
  ['variable', /environment variables?:? [`'"]?([A-Z][A-Z0-9_]{2,80})\b/i],
];

/** A name such as programs give to variables, and none of the codes that look so. */
const VARIABLE = /(?<![\w.])(?!ERR_|\w{0,40}_NOT_FOUND)[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{0,60}[A-Z0-9](?![\w.])/;
const IS_MISSING =
  /\b(?:not set|unset|not found|not defined|undefined|not provided|not configured|missing|required|requires|must be|must set|please set|empty|none|expected)\b/i;

/** A line that tells of an error: Python's, Node's and Java's exceptions, panics of Go and Rust, and what logs call so. */
const TELLS_ERROR =
  /^(?:[\w.$]{1,120}(?:Error|Exception|Exit|Fault)(?: \[\w{1,60}\])?(?::|$)|panic: |thread '.{0,80}' panicked|Uncaught |Unhandled exception|Exception in thread|Traceback|fatal\b|error\b)|\b(?:ERROR|FATAL|CRITICAL)\b/i;
const HAS_WORDS = /[\p{L}\p{N}]/u;
/** What only says where, or how to hear more: frames of traces, the versions and hints that interpreters add. */
const SAYS_LITTLE =
  /^(?:at \S|File ".{0,400}", line \d|Node\.js v\d|Traceback|goroutine \d|note: run with|exit status \d|npm (?:error|ERR!) A complete log|Require stack|- \/|\^+$|~*\^)/;

/** Finds the sentence of a program's stderr that says why it did not run, and what it is about; undefined for silence. */
export function causeOf(stderr: readonly string[]): StderrCause | undefined {
  const lines = stderr.map(plain);
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    if (!HAS_WORDS.test(line) || SAYS_LITTLE.test(line)) continue;
    const known = knownCause(line);
    if (known !== undefined) return known;
    if (TELLS_ERROR.test(line)) return other(withDetail(lines, at));
  }
  const last = lines.findLast((line) => HAS_WORDS.test(line) && !SAYS_LITTLE.test(line));
  return last === undefined ? undefined : other(last);
}

function knownCause(line: string): StderrCause | undefined {
  for (const [kind, pattern] of SHAPES) {
    const match = pattern.exec(line);
    if (match !== null) return { kind, quote: line.slice(0, MAX_QUOTE), name: match[1] ?? '' };
  }
  const variable = IS_MISSING.test(line) ? VARIABLE.exec(line) : null;
  return variable === null ? undefined : { kind: 'variable', quote: line.slice(0, MAX_QUOTE), name: variable[0] };
}

function other(quote: string): StderrCause {
  return { kind: 'other', quote: quote.slice(0, MAX_QUOTE), name: '' };
}

/** Rust puts what a panic says on the next line, pydantic the field that it misses. */
function withDetail(lines: readonly string[], at: number): string {
  const line = lines[at] ?? '';
  const next = lines[at + 1] ?? '';
  const isOpen = /panicked at .{0,300}:$|validation errors? for/.test(line);
  return isOpen && next !== '' ? `${line} ${next}` : line;
}

/** A line without its colours, and without the frame that some libraries draw around a traceback. */
function plain(line: string): string {
  // oxlint-disable-next-line no-control-regex -- colours are made of them
  const colourless = line.slice(0, MAX_LINE).replaceAll(/\u001b\[[\d;]{0,20}m/g, '');
  return colourless.replaceAll(/^[\s│╭╮╰╯─|+❱]+|[\s│╭╮╰╯─|]+$/gu, '');
}
