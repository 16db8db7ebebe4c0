import { type Cell, type Look, readAnsi } from './ansi.ts';

/** The colours of a terminal window. `colours` are the 16 by number: black, red, green, yellow, blue, magenta, … */
export interface Theme {
  readonly background: string;
  readonly bar: string;
  readonly border: string;
  readonly text: string;
  readonly dim: string;
  readonly colours: readonly string[];
}

export interface SvgOptions {
  readonly theme: Theme;
  /** Stands in the bar of the window, and is what a screen reader says. */
  readonly title: string;
  readonly columns?: number;
}

/* oxfmt-ignore */
export const DARK: Theme = {
  background: '#0d1117', bar: '#161b22', border: '#30363d', text: '#e6edf3', dim: '#8b949e',
  colours: [
    '#6e7681', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#e6edf3',
    '#8b949e', '#ffa198', '#aff5b4', '#f2cc60', '#a5d6ff', '#e2c5ff', '#b3f0ff', '#ffffff',
  ],
};

/* oxfmt-ignore */
export const LIGHT: Theme = {
  background: '#ffffff', bar: '#f6f8fa', border: '#d0d7de', text: '#1f2328', dim: '#656d76',
  colours: [
    '#24292f', '#cf222e', '#116329', '#7d4e00', '#0550ae', '#8250df', '#0b6b77', '#6e7781',
    '#57606a', '#a40e26', '#1a7f37', '#9a6700', '#0969da', '#a475f9', '#3192aa', '#8c959f',
  ],
};

const FONT = "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";
const SIZE = 13;
const COLUMN = 7.8;
const ROW = 19;
const MARGIN = 20;
const BAR = 36;
const BASELINE = 14;

/** Draws what a program wrote to a terminal as a window in SVG. Pure; whatever the text holds, the SVG is well-formed. */
export function ansiSvg(text: string, { theme, title, columns = 100 }: SvgOptions): string {
  const rows = readAnsi(text, columns);
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = BAR + MARGIN / 2 + rows.length * ROW + MARGIN;
  const name = escaped(title);
  const lines = rows.flatMap((row, index) => drawn(row, BAR + MARGIN / 2 + index * ROW, theme));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">
<title>${name}</title>
<style>
text{font:${SIZE}px ${FONT};fill:${theme.text};white-space:pre}
.b{font-weight:700}.d{fill:${theme.dim}}.i{font-style:italic}.u{text-decoration:underline}
${theme.colours.map((colour, number) => `.c${number}{fill:${colour}}`).join('')}
.d[class*=c]{opacity:.75}.t{fill:${theme.dim};text-anchor:middle}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="${theme.background}" stroke="${theme.border}"/>
<path d="M.5 ${BAR}V10.5a10 10 0 0 1 10-10H${width - 10.5}a10 10 0 0 1 10 10V${BAR}Z" fill="${theme.bar}" stroke="${theme.border}"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
<text class="t" x="${width / 2}" y="22.5">${name}</text>
${lines.join('\n')}
</svg>
`;
}

/** A row: its backgrounds, then its texts. Each run has its place and length, so no font moves a column. */
function drawn(row: readonly Cell[], top: number, theme: Theme): readonly string[] {
  const runs = runsOf(row);
  const backs = runs.flatMap(({ column, columns, look: { background } }) =>
    background === undefined
      ? []
      : `<rect x="${at(column)}" y="${top}" width="${long(columns)}" height="${ROW}" fill="${theme.colours[background] ?? theme.bar}"/>`,
  );
  const texts = runs
    .filter(({ text, look }) => text.trim() !== '' || look.underline === true)
    .map(({ text, column, columns, look }) => {
      const classes = classesOf(look);
      const style = classes === '' ? '' : ` class="${classes}"`;
      const place = `x="${at(column)}" y="${top + BASELINE}" textLength="${long(columns)}"`;
      return `<text ${place}${style}>${escaped(text)}</text>`;
    });
  return [...backs, texts.join('')];
}

interface Run {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
  readonly look: Look;
}

/** Joins cells of one look. A wide one stands alone, since fonts do not agree on its width; so do runs of blanks. */
function runsOf(row: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  let column = 0;
  let blanks = 0;
  for (const cell of row) {
    const last = runs.at(-1);
    const blank = cell.text === ' ';
    blanks = blank ? blanks + 1 : 0;
    const joins =
      last !== undefined &&
      sameLook(last.look, cell.look) &&
      cell.columns === 1 &&
      last.columns === last.text.length &&
      cell.text.length === 1 &&
      // A single blank inside words stays with them; what follows two does not.
      (blank ? blanks === 1 || last.text.trim() === '' : !last.text.endsWith('  ') && last.text !== ' ');
    if (joins) runs.splice(-1, 1, { ...last, text: last.text + cell.text, columns: last.columns + 1 });
    else runs.push({ text: cell.text, column, columns: cell.columns, look: cell.look });
    column += cell.columns;
  }
  return runs.map((run) => withoutEnd(run));
}

/** A blank at the end of a run is not drawn, unless one sees it. */
function withoutEnd(run: Run): Run {
  const text = run.text.trimEnd();
  if (text === '' || text === run.text || run.look.background !== undefined || run.look.underline === true) return run;
  return { ...run, text, columns: run.columns - (run.text.length - text.length) };
}

function sameLook(a: Look, b: Look): boolean {
  return a.background === b.background && classesOf(a) === classesOf(b);
}

function classesOf({ colour, bold, dim, italic, underline }: Look): string {
  return [
    ...(bold === true ? ['b'] : []),
    ...(dim === true ? ['d'] : []),
    ...(italic === true ? ['i'] : []),
    ...(underline === true ? ['u'] : []),
    ...(colour === undefined ? [] : [`c${colour}`]),
  ].join(' ');
}

function at(column: number): string {
  return String(Number((MARGIN + column * COLUMN).toFixed(2)));
}

function long(columns: number): string {
  return String(Number((columns * COLUMN).toFixed(2)));
}

// What XML cannot hold in any form.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NOT_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu;

/** Text as XML may hold it. */
function escaped(text: string): string {
  return text
    .replaceAll(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
