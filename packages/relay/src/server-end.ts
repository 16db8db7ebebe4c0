import type { Exit } from '@mcp-dbg/proxy';

import type { RelayFrame } from './relay-frame.ts';

/** How one process of the server ended. */
export interface ServerEnd {
  readonly pid: number;
  readonly exit: Exit;
  /** True where a fault that was made on purpose ended it. */
  readonly isByFault?: boolean;
  readonly uptimeMs: number;
  /** The last line of its stderr that says something. */
  readonly stderr: string | undefined;
  /** A line that it began and did not finish; one that lacked its newline alone was given out as a frame. */
  readonly torn: RelayFrame | undefined;
}
