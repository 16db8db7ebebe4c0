import type { Io } from '../io.ts';

/** True where somebody sees what is asked and can answer it; with `json` a program reads what is printed. */
export function canAsk({ terminal }: Pick<Io, 'terminal'>, json: boolean): boolean {
  return terminal.stdin && (terminal.stdout || terminal.stderr) && !json;
}
