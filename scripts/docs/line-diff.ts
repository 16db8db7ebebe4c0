import { timeless } from './steady.ts';

const MOST_LINES = 12;
const MOST_CHARACTERS = 160;

/** The lines that only one of two texts has, times aside: `-` for the first, `+` for the second; as many as one reads. */
export function lineDiff(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const [oldLines, freshLines] = [new Set(old.map(timeless)), new Set(fresh.map(timeless))];
  const rows = [
    ...old.filter((line) => !freshLines.has(timeless(line))).map((line) => `- ${line}`),
    ...fresh.filter((line) => !oldLines.has(timeless(line))).map((line) => `+ ${line}`),
  ];
  if (rows.length === 0) return 'The same lines stand in another order, or more or less often.';
  const shown = rows.slice(0, MOST_LINES).map(cut);
  return [...shown, ...(rows.length > MOST_LINES ? [`… ${rows.length - MOST_LINES} lines more`] : [])].join('\n');
}

function cut(row: string): string {
  return row.length > MOST_CHARACTERS ? `${row.slice(0, MOST_CHARACTERS)}…` : row;
}
