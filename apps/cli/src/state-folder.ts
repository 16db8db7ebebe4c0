import { dirname, join } from 'node:path';

import { captureFolder } from '@mcp-dbg/capture/folder';

import type { Io } from './io.ts';

/** What was approved for good; see ApprovalsFile. */
export const APPROVALS_FILE = 'approvals.jsonl';

/** The path of something that outlives a run, such as `history`: beside the captures. */
export function statePath({ home, platform }: Pick<Io, 'home' | 'platform'>, name: string): string {
  return join(dirname(captureFolder(home, platform)), name);
}
