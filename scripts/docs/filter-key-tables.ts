import { FILTER_KEYS, type FilterKey } from '../../packages/capture/src/index.ts';
import { code, table } from './table.ts';

/** How the value of a key is written. */
const VALUES: Readonly<Record<FilterKey['value'], string>> = {
  word: 'one of the words below',
  pattern: 'text, in which `*` stands for anything',
  id: 'an id: `7` is the number and the text, `"7"` the text only',
  number: 'a whole number',
  range: 'a number or a range: `7`, `7..9`, `7..`, `..9`',
  duration: 'a number and `us`, `ms`, `s`, `m` or `h`',
  size: 'bytes, or thousands and millions of them: `500`, `10k`, `2m`',
  time: 'a time since the start, `12s`, or a date with or without a time (UTC unless it says otherwise)',
  version: '`legacy`, `modern`, or a version, in which `*` stands for anything',
};

/** All keys of the filter language, and the words that some of them take. */
export function filterKeyTables(): string {
  const keys = FILTER_KEYS.map(({ name, meaning, value, example, hasSides }) => [
    code(`${name}:`),
    meaning,
    `${VALUES[value]}${hasSides ? '; `req.` and `res.` may stand before it' : ''}`,
    code(example),
  ]);
  return `${table(['key', 'finds what', 'takes', 'such as'], keys)}\n${table(['word', 'of', 'finds'], wordRows())}`;
}

/** A row for each word and meaning, with all keys that take it. */
function wordRows(): readonly (readonly string[])[] {
  const told = new Map<string, { readonly names: Set<string>; readonly keys: string[]; readonly meaning: string }>();
  for (const { name: key, words } of FILTER_KEYS) {
    for (const { name, also, meaning } of words) {
      const row = told.get(`${name} ${meaning}`) ?? { names: new Set([name]), keys: [], meaning };
      for (const other of also) row.names.add(other);
      row.keys.push(`${key}:`);
      told.set(`${name} ${meaning}`, row);
    }
  }
  return [...told.values()].map(({ names, keys, meaning }) => [
    [...names].map(code).join(', '),
    keys.map(code).join(' '),
    meaning,
  ]);
}
