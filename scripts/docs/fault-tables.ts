import { CHAOS_PRESETS, FAULT_ACTIONS } from '../../packages/relay/src/faults/index.ts';
import { code, plain, table } from './table.ts';

/** All actions of fault rules. */
export function faultActionTable(): string {
  const rows = FAULT_ACTIONS.map(({ form, meaning, example, side }) => [
    code(form),
    plain(meaning),
    code(side),
    code(example),
  ]);
  return table(['action', 'what it does', 'side', 'such as'], rows);
}

/** What each preset of `--chaos` is like, and its rules. */
export function chaosTables(): string {
  return CHAOS_PRESETS.map(
    ({ name, meaning, rules }) =>
      `**\`${name}\`**: ${plain(meaning)}.\n\n${rules.map((rule) => `- ${code(rule)}\n`).join('')}`,
  ).join('\n');
}
