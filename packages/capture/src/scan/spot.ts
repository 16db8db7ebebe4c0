import type { Frame } from '@mcp-dbg/wire';

import type { Span } from '../reading/line-reader.ts';

/** A frame of a capture without its bytes: where they stand in the file. */
export interface Spot extends Pick<Frame, 'n' | 'from' | 'us' | 'endUs' | 'terminated'> {
  /** How many bytes it has, without the newline. */
  readonly size: number;
  /** Where they stand, if they stand together. */
  readonly offset: number;
  /** Where they stand if they do not. */
  readonly spans: readonly Span[] | undefined;
  /** Whose bytes they are, where they are not the peer's own. */
  readonly by: string | undefined;
}
