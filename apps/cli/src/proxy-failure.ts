import { writeSync } from 'node:fs';

import type { OwnEnd } from '@mcp-dbg/proxy';

import { visible } from './render/visible.ts';

/** Our own failure, bad usage included: what env(1) and timeout(1) exit with. */
const OWN_FAILURE = 125;

/** Says on stderr why there is no server, in one line and the lines of `detail`, and gives the end of the proxy. */
export function failure(message: string, code: number = OWN_FAILURE, detail?: string): OwnEnd {
  try {
    writeSync(2, `mcp-dbg: ${visible(message)}\n${detail === undefined ? '' : `${visible(detail, 'kept')}\n`}`);
  } catch {
    // Nobody reads it; the code says enough.
  }
  return { kind: 'exit', code };
}
