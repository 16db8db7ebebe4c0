/** How a piece of terminal text looks. A colour is one of the 16, by number. */
export interface Look {
  readonly colour?: number | undefined;
  readonly background?: number | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
}

/** One character as a person sees it, how many columns it takes (1 or 2), and its look. */
export interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly look: Look;
}

// Escape sequences: CSI, OSC (with its end), those of two characters; a lone or torn one takes what there is of it.
/* oxlint-disable no-control-regex -- escape sequences begin with a control character */
const ESCAPE =
  /\x1b\[([0-?]*)[ -/]*([@-~])?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|\x9b[0-?]*[ -/]*[@-~]?/g;
/* oxlint-enable no-control-regex */
// What takes no column, and what could turn text around or carry it unseen.
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Mn}\p{Me}\p{Zl}\p{Zp}]+$/u;
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;
const TAB = 8;
/** How much of a row may stay empty so that a word is kept whole. */
const RAGGED = 0.25;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Reads what a program wrote to a terminal as rows of at most `columns` columns. A longer row goes on in the next, from
 * its last blank or comma on where there is one near the end. Knows colours and drops all other sequences.
 */
export function readAnsi(text: string, columns: number): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [];
  const row: Cell[] = [];
  for (const { piece, look } of pieces(text)) {
    for (const { segment } of graphemes.segment(piece)) {
      if (segment === '\n' || segment === '\r\n') rows.push(...wrapped(row.splice(0), columns));
      else if (segment === '\t')
        for (let left = TAB - (width(row) % TAB); left > 0; left--) row.push({ text: ' ', columns: 1, look });
      else if (!UNSEEN.test(segment))
        row.push({ text: segment.replaceAll(HARMFUL, ''), columns: WIDE.test(segment) ? 2 : 1, look });
    }
  }
  if (row.length > 0) rows.push(...wrapped(row, columns));
  return rows;
}

function width(row: readonly Cell[]): number {
  return row.reduce((sum, cell) => sum + cell.columns, 0);
}

function wrapped(line: readonly Cell[], columns: number): Cell[][] {
  const rows: Cell[][] = [];
  let rest = [...line];
  while (width(rest) > columns) {
    let end = rest.length;
    while (width(rest.slice(0, end)) > columns && end > 1) end--;
    // A blank is dropped where a row breaks, a comma stays.
    const last = rest.slice(0, end + 1).findLastIndex(({ text }, at) => text === ' ' || (text === ',' && at < end));
    const broken = last > end * (1 - RAGGED);
    rows.push(rest.slice(0, broken ? last + (rest[last]?.text === ',' ? 1 : 0) : end));
    rest = rest.slice(broken ? last + 1 : end);
  }
  return [...rows, rest];
}

/** The text between escape sequences, each with the look that they gave it. */
function* pieces(text: string): Generator<{ readonly piece: string; readonly look: Look }, void> {
  let look: Look = {};
  let end = 0;
  for (const match of text.matchAll(ESCAPE)) {
    yield { piece: text.slice(end, match.index), look };
    end = match.index + match[0].length;
    if (match[2] === 'm') look = restyled(look, match[1] ?? '');
  }
  yield { piece: text.slice(end), look };
}

// Of what is unseen, a joiner and a variation selector are part of a picture.
const HARMFUL = /(?!\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/** The look after an SGR sequence. Numbers that are not known change nothing. */
function restyled(before: Look, parameters: string): Look {
  let look = before;
  const numbers = parameters.split(/[;:]/).map((number) => Number(number === '' ? 0 : number));
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] ?? 0;
    if (number !== 38 && number !== 48) {
      look = { ...look, ...styled(number) };
      if (number === 0) look = {};
      continue;
    }
    // 38;5;N is one of 256 colours, of which the first 16 are ours; 38;2;R;G;B is any.
    const kind = numbers[at + 1];
    const colour = numbers[at + 2] ?? 16;
    if (kind === 5 && colour < 16) look = number === 38 ? { ...look, colour } : { ...look, background: colour };
    at += kind === 5 ? 2 : 4;
  }
  return look;
}

function styled(number: number): Look {
  if (number >= 30 && number <= 37) return { colour: number - 30 };
  if (number >= 90 && number <= 97) return { colour: number - 90 + 8 };
  if (number >= 40 && number <= 47) return { background: number - 40 };
  if (number >= 100 && number <= 107) return { background: number - 100 + 8 };
  switch (number) {
    case 1:
      return { bold: true };
    case 2:
      return { dim: true };
    case 3:
      return { italic: true };
    case 4:
      return { underline: true };
    case 22:
      return { bold: false, dim: false };
    case 23:
      return { italic: false };
    case 24:
      return { underline: false };
    case 39:
      return { colour: undefined };
    case 49:
      return { background: undefined };
    default:
      return {};
  }
}
