import { dirname } from 'node:path';

import type { Io } from './io.ts';

/** The folder in which everything is kept that outlives a run: captures, what was typed, saved files. */
export async function stateFolder(io: Io): Promise<string> {
  const { captureFolder } = await import('@mcp-dbg/capture/node');
  return dirname(captureFolder(io.home, io.platform));
}
