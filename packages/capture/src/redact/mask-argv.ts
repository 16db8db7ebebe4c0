import { hideInArgv } from './hide-in-argv.ts';
import { makeRules } from './rules.ts';
import { MASK } from './secret-names.ts';

const RULES = makeRules([], []);

/**
 * Masks what looks like a secret in a command line, with `***`: what {@link Redactor.redactArgv} finds too, less what only
 * it was told. Everything else stays as it is.
 */
export function maskArgv(argv: readonly string[]): readonly string[] {
  return hideInArgv(argv, RULES, ({ quote }) => quote + MASK + quote);
}
