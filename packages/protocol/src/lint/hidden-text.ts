/**
 * Characters that a person does not see and a model reads: control characters, marks that turn the direction of text,
 * tag characters, spaces without width, variation selectors in a row. Where text needs them (an emoji of several,
 * scripts with joiners, tabs and newlines) they are left alone.
 */
const HIDDEN =
  /[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]|[\u200B\u2060-\u2064\u2028\u2029\uFEFF\u00AD]|(?<![\u{1F3F4}\u{E0020}-\u{E007F}])[\u{E0000}-\u{E007F}]|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{2}|(?<=[ -~])[\u200C\u200D](?=[ -~])/u;

/** Characters of one text, and texts of one value, that are looked at. */
const MAX_TEXT = 100_000;
const MAX_VALUES = 20_000;

/** Where in a value there is hidden text, such as `description`; with what was found, such as `U+202E`. */
export interface HiddenText {
  readonly path: string;
  readonly character: string;
}

/** The first hidden text in a value, in whatever depth; undefined where there is none. */
export function hiddenTextIn(value: unknown): HiddenText | undefined {
  // A stack of our own: how deep a value nests is its sender's choice.
  const stack: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }];
  for (let seen = 0; seen < MAX_VALUES; seen++) {
    const next = stack.pop();
    if (next === undefined) return undefined;
    if (typeof next.value === 'string') {
      const character = hiddenCharacter(next.value);
      if (character !== undefined) return { path: next.path, character };
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [key, inside] of Object.entries(next.value).toReversed()) {
      const character = hiddenCharacter(key);
      if (character !== undefined) return { path: `the key of ${next.path}`, character };
      if (stack.length < MAX_VALUES)
        stack.push({ path: next.path === '' ? key : `${next.path}.${key}`, value: inside });
    }
  }
  return undefined;
}

function hiddenCharacter(text: string): string | undefined {
  const point = HIDDEN.exec(text.slice(0, MAX_TEXT))?.[0]?.codePointAt(0);
  return point === undefined ? undefined : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}
