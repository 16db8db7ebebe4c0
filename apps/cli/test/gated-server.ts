import { writeFileSync } from 'node:fs';

import { fixture } from '@mcp-dbg/testkit';

import { file } from './driver.ts';

/** A server whose tool `gated` runs until it is let go: what is to be seen meanwhile is seen on any machine. */
export interface GatedServer {
  readonly script: string;
  /** Lets every call end, with the text `opened`. */
  open(): void;
}

export function gatedServer(): GatedServer {
  const gate = `${file('gate', '')}.open`;
  const script = file(
    'gated.mjs',
    `import { existsSync } from 'node:fs';
     import { setTimeout as wait } from 'node:timers/promises';
     import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
     const run = async () => { while (!existsSync(${JSON.stringify(gate)})) await wait(5); return 'opened'; };
     serve({ name: 'gated', tools: [
       { name: 'gated', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true }, run },
     ] });`,
  );
  return { script, open: () => writeFileSync(gate, '') };
}
