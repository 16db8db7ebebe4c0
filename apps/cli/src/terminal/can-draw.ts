import type { Io } from '../io.ts';

/** True where a terminal can be drawn on: one that knows how to move, before a person. */
export function canDraw({ terminal, env }: Io): boolean {
  return (terminal.stdout || terminal.stderr) && env['TERM'] !== 'dumb' && env['CI'] === undefined;
}
