import { readFileSync, writeSync } from 'node:fs';

/**
 * Prints the help that argv asks for as the build wrote it down (`dist/help.json`, by command; '' is the program's
 * own): making it anew would take longer than all the rest. False where argv asks for something else, or where that
 * is not possible, and nothing was printed then.
 */
export function printPreparedHelp(argv: readonly string[]): boolean {
  const [first = '', second = ''] = argv;
  const isHelp = (word: string): boolean => word === '--help' || word === '-h';
  const wanted = argv.length === 1 && isHelp(first) ? '' : argv.length === 2 && isHelp(second) ? first : undefined;
  if (wanted === undefined) return false;
  try {
    const prepared: unknown = JSON.parse(readFileSync(new URL('help.json', import.meta.url), 'utf8'));
    const text = new Map<string, unknown>(Object.entries(prepared ?? {})).get(wanted);
    if (typeof text !== 'string') return false;
    // Opening process.stdout costs milliseconds; a pipe takes this little at once.
    writeSync(1, text);
    return true;
  } catch {
    return false;
  }
}
