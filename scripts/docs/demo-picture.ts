import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DARK, LIGHT, ansiSvg } from './ansi-svg.ts';
import { type Made, type Renewal, renewed } from './renew.ts';
import { Stage } from './stage.ts';

const RUN = 'docs/transcripts/demo.ansi';
const COMMAND = 'mcp-dbg demo';

/** The demo as it looks in a terminal: a recorded run, and its pictures for light and dark pages. */
export async function drawDemo({ root, inLane, order }: Renewal): Promise<readonly Made[]> {
  const path = join(root, RUN);
  const old = existsSync(path) ? readFileSync(path, 'utf8') : '';
  // Without Python the demo tells its story on another server.
  const python = spawnSync('python3', ['--version']).error === undefined;
  const text =
    (python ? await inLane(async () => await renewed(old, async () => await run(root), order)) : undefined) ?? old;
  const picture = (theme: 'light' | 'dark'): Made => ({
    path: `docs/demo-${theme}.svg`,
    text: ansiSvg(`\x1b[2m$\x1b[22m \x1b[1m${COMMAND}\x1b[22m\n${text}`, {
      theme: theme === 'dark' ? DARK : LIGHT,
      title: COMMAND,
    }),
    skipped: [],
  });
  return [{ path: RUN, text, skipped: python ? [] : ['it needs python3'] }, picture('light'), picture('dark')];
}

async function run(root: string): Promise<string> {
  using stage = new Stage(root);
  const output = await stage.run(`${COMMAND}; echo "status $?"`, 'colour');
  if (!output.endsWith('status 0\n')) throw new Error(`The demo failed:\n${output}`);
  return output.slice(0, -'status 0\n'.length);
}
