/** What a host fills in where its config file says `${…}`. */
export interface Dialect {
  /**
   * How a variable of the environment is written. `braces`: `${VAR}` or `${VAR:-default}`; `shell`: `$VAR` too; `named`:
   * `${env:VAR}`; `any`: as `braces` or `named`.
   */
  readonly variables: 'none' | 'braces' | 'shell' | 'named' | 'any';
  /** What stands for a variable that is not set and has no default: the text as it was written, or nothing. */
  readonly unset: 'kept' | 'empty';
  /** True for `${workspaceFolder}`, `${userHome}` and what else editors know of themselves. */
  readonly editor: boolean;
  /** True for `${input:id}`, which the person is asked for. */
  readonly inputs: boolean;
  /** True for `${file:path}`, the text of a file. */
  readonly files: boolean;
}

/** A `${…}` that a host would fill in. */
export type Reference =
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: string; readonly text: string }
  | { readonly kind: 'place'; readonly place: Place; readonly text: string }
  | { readonly kind: 'input'; readonly id: string; readonly text: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  /** Only the host itself can fill it in, such as `${command:pick}`. */
  | { readonly kind: 'foreign'; readonly text: string };

/** What editors know of themselves. */
export type Place = 'workspaceFolder' | 'workspaceFolderBasename' | 'userHome' | 'pathSeparator' | 'cwd';

const PLACES: ReadonlyMap<string, Place> = new Map([
  ['workspaceFolder', 'workspaceFolder'],
  ['workspaceRoot', 'workspaceFolder'],
  ['workspaceFolderBasename', 'workspaceFolderBasename'],
  ['userHome', 'userHome'],
  ['pathSeparator', 'pathSeparator'],
  ['/', 'pathSeparator'],
  ['cwd', 'cwd'],
]);

/** Variables of editors that stand for something in a window of theirs. */
const IN_A_WINDOW =
  /^(?:(?:command|config|extensionInstallFolder):|(?:file|fileWorkspaceFolder|relativeFile|relativeFileDirname|fileBasename|fileBasenameNoExtension|fileDirname|fileExtname|lineNumber|columnNumber|selectedText|execPath|defaultBuildTask)$)/;

/** Characters of a text at most in which references are looked for: no setting is longer, and to look costs. */
const MAX_TEXT = 65_536;

/** Cuts a text into what stands as it is and what a host would fill in. */
export function partsOf(text: string, dialect: Dialect): readonly (string | Reference)[] {
  if (text.length > MAX_TEXT) return [text];
  const parts: (string | Reference)[] = [];
  let plainFrom = 0;
  for (let at = text.indexOf('$'); at !== -1;) {
    const found = referenceAt(text, at, dialect);
    if (found !== undefined) {
      if (at > plainFrom) parts.push(text.slice(plainFrom, at));
      parts.push(found);
      plainFrom = at + found.text.length;
    }
    at = text.indexOf('$', found === undefined ? at + 1 : plainFrom);
  }
  if (plainFrom < text.length) parts.push(text.slice(plainFrom));
  return parts;
}

const IDENTIFIER = /[A-Za-z_]\w*/y;

function referenceAt(text: string, at: number, dialect: Dialect): Reference | undefined {
  if (text[at + 1] !== '{') {
    if (dialect.variables !== 'shell') return undefined;
    IDENTIFIER.lastIndex = at + 1;
    const name = IDENTIFIER.exec(text)?.[0];
    return name === undefined ? undefined : { kind: 'variable', name, text: `$${name}` };
  }
  const end = closingBrace(text, at + 2);
  return end === undefined ? undefined : read(text.slice(at + 2, end), text.slice(at, end + 1), dialect);
}

/** Characters between the braces at most: what is longer is no reference, and looking further for its end costs. */
const MAX_BODY = 1000;

/** The place of the brace that ends a reference; one in a default, as in `${A:-${B}}`, ends at its own. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length && at - from <= MAX_BODY; at++) {
    if (text[at] === '$' && text[at + 1] === '{') depth++;
    else if (text[at] === '}' && depth-- === 0) return at;
  }
  return undefined;
}

function read(body: string, text: string, dialect: Dialect): Reference | undefined {
  const { variables, editor, inputs, files } = dialect;
  const [, word, rest = ''] = /^([a-z]+):([^]*)$/.exec(body) ?? [];
  if (word === 'env' && (variables === 'named' || variables === 'any')) {
    return { kind: 'variable', name: rest, text };
  }
  if (word === 'input' && inputs) return { kind: 'input', id: rest, text };
  if (word === 'file' && files) return { kind: 'file', path: rest, text };
  const place = PLACES.get(body);
  if (editor && place !== undefined) return { kind: 'place', place, text };
  if (editor && IN_A_WINDOW.test(body)) return { kind: 'foreign', text };
  if (variables === 'none' || variables === 'named') return undefined;
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::-([^]*))?$/.exec(body) ?? [];
  if (name === undefined) return undefined;
  return { kind: 'variable', name, ...(fallback !== undefined && { fallback }), text };
}
