import type { Scope } from './clients.ts';

/** The options of `wrap` and `unwrap`. */
export interface WrapOptions {
  readonly all?: boolean;
  readonly scope?: Scope;
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}
