import { expect, test } from 'vitest';

import { FILTER_KEYS } from '../../packages/capture/src/index.ts';
import { filterKeyTables } from '../../scripts/docs/filter-key-tables.ts';
import { ruleTables } from '../../scripts/docs/rule-tables.ts';
import { code, plain, table } from '../../scripts/docs/table.ts';
import { textOf } from '../support/repository.ts';

test('a table keeps its columns, whatever stands in its cells', () => {
  expect(table(['a', 'b'], [[plain('x|y'), code('x|y')]])).toBe('| a | b |\n| --- | --- |\n| x\\|y | `x\\|y` |\n');
});

test('text in a cell has no marks but code', () => {
  expect(plain('tools/* in _meta, <b> and `a_b`')).toBe('tools/\\* in \\_meta, &lt;b> and `a_b`');
});

test('every key of the filter language has a row, and every word that one takes', () => {
  const page = filterKeyTables();
  for (const { name, words } of FILTER_KEYS) {
    expect(page).toContain(`| \`${name}:\` |`);
    for (const word of words) expect(page).toContain(`\`${word.name}\``);
  }
});

test('every rule has a row in its area, with its page, its fix and how clients hide it', () => {
  const rule = { level: 'error', title: 'Holds', fix: 'Mend it.', spec: null, clients: null };
  const rules = [
    { ...rule, rule: 'a/one', spec: 'https://a.example/one' },
    { ...rule, rule: 'b/two', level: 'info', clients: 'They wait.' },
    { ...rule, rule: 'a/three' },
  ];
  const text =
    'error  a/one  all versions  Holds\ninfo  b/two  legacy  Holds\nerror  a/three  modern  Holds\n3 rules\n';
  expect(ruleTables(text, JSON.stringify({ rules }))).toBe(
    `There are **3 rules**: 2 of the level error, 0 warning, 1 info.

### a

| rule | level | holds in | what must hold |
| --- | --- | --- | --- |
| [a/one](https://a.example/one) | error | all versions | **Holds.**<br>*Fix:* Mend it. |
| a/three | error | modern | **Holds.**<br>*Fix:* Mend it. |

### b

| rule | level | holds in | what must hold |
| --- | --- | --- | --- |
| b/two | info | legacy | **Holds.**<br>*Fix:* Mend it.<br>*Clients:* They wait. |
`,
  );
});

test('the README says how many rules there are', () => {
  const [, count = 'some'] = /There are \*\*(\d+) rules\*\*/.exec(textOf('docs/rules.md')) ?? [];
  expect(textOf('README.md')).toContain(`by ${count} rules`);
});
