/** What options take that an empty value would not name: to a file system it means the folder we are in. */
const NAMING: ReadonlySet<string> = new Set(['file', 'folder', 'glob']);

/**
 * Why a value cannot be what an option takes, as a sentence; undefined where it can. `takes` is the word for it in help, such as
 * `FILE`. A shell gives an empty value for a variable that is not set.
 */
export function emptyFault(takes: string, value: string): string | undefined {
  const kind = takes.toLowerCase();
  const name = kind === 'glob' ? value.replace(/^!/, '') : value;
  if (name !== '' || !NAMING.has(kind)) return undefined;
  return `It takes a ${kind}, and an empty text names none; is a variable of your shell not set?`;
}
