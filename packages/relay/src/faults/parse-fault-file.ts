import { FaultError } from './fault-error.ts';
import type { FaultRule } from './fault-rule.ts';
import { parseFault } from './parse-fault.ts';

/**
 * Reads rules, one a line; blank lines and those that begin with `#` are left out. Throws {@link FaultError} as
 * `parseFault` does, with the number of the line in its message.
 */
export function parseFaultFile(text: string): readonly FaultRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => (/^\s*(?:#|$)/.test(line) ? [] : [parseLine(line.trim(), index + 1)]));
}

function parseLine(line: string, number: number): FaultRule {
  try {
    return parseFault(line);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { text, at, length, suggestion } = error;
    throw new FaultError(`Line ${number}: ${error.message}`, text, at, length, suggestion);
  }
}
