import { explainFilterError } from '@mcp-dbg/capture';

import { RelayError } from '../errors.ts';

/** A fault rule that cannot be read, with the place where it goes wrong. Its code is always `BAD_FAULT`. */
export class FaultError extends RelayError {
  /** The rule. */
  readonly text: string;
  /** Where the faulty piece begins, in UTF-16 units of the rule. */
  readonly at: number;
  /** How long it is; 0 where something is missing. */
  readonly length: number;
  /** What to write in its place, where that is clear. */
  readonly suggestion: string | undefined;

  constructor(message: string, text: string, at: number, length: number, suggestion?: string) {
    super('BAD_FAULT', message);
    this.text = text;
    this.at = at;
    this.length = length;
    this.suggestion = suggestion;
  }

  /** Three lines: the message, the rule, and carets under the place, as `explainFilterError` writes them. */
  explain(): string {
    return explainFilterError(this.text, this);
  }
}
