import type { Transcript } from './transcript.ts';

/** What keeps a rule, and what breaks it. */
interface Sample {
  readonly passes: Transcript;
  readonly fails: Transcript;
}

/** Samples by the id of their rule. */
export type Samples = Readonly<Record<string, Sample>>;
