// pnpm bench [ROW…] [--rounds N] [--mb N]: what the byte path and the commands cost, as ratios to a control that runs in the
// same round. Figures of different runs cannot be compared, nor can milliseconds: the ratios can.
import { parseArgs } from 'node:util';

import { ROWS } from './rows.mjs';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((each) => each !== '--'),
  options: { rounds: { type: 'string', default: '7' }, mb: { type: 'string', default: '1000' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const megabytes = Number(values.mb);
const unknown = positionals.filter((name) => !(name in ROWS));
if (unknown.length > 0 || !(rounds >= 1 && megabytes >= 1)) {
  console.error(`Usage: pnpm bench [${Object.keys(ROWS).join('|')} …] [--rounds N] [--mb N]`);
  process.exit(1);
}

const names = positionals.length > 0 ? positionals : Object.keys(ROWS);
console.log(`${rounds} rounds, candidates interleaved, recording on, medians of ratios; ours / control\n`);
console.log(line('row', 'result', 'goal', '', 'behind it'));
for (const name of names) {
  for (const { name: row, value, goal, behind } of await ROWS[name](rounds, { megabytes })) {
    const shown = Number.isFinite(value) ? `${value.toFixed(2)}${goal.unit}` : 'not told here';
    console.log(
      line(row, shown, goal.text, Number.isFinite(value) ? (goal.met(value) ? 'met' : 'MISSED') : '', behind),
    );
  }
}

function line(row, result, goal, met, behind) {
  return `${row.padEnd(56)}${result.padStart(14)}  ${goal.padEnd(10)}${met.padEnd(8)}${behind}`;
}
