import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { root } from './repository.ts';

/** How a program ended and all that it wrote. */
export interface Outcome {
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs a program to its end. Never rejects: a program that cannot start has no status and its error as output. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const options = {
    cwd,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...env },
    maxBuffer: 1 << 26,
  };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      resolve({ status, output: `${stdout}${stderr}${status === undefined ? error?.message : ''}` });
    });
  });
}

/** The path of a tool that the workspace has installed. */
export function tool(name: string): string {
  return join(root, 'node_modules/.bin', name);
}
