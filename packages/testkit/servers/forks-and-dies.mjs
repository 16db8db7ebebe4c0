// Leaves a grandchild that holds stdout and stderr open, writes "grandchild PID" to stderr, and exits with status 1.
// It happens in a call of `fork_and_die`, or before anything is read with argv `at-once`. The grandchild stays in the
// process group, and ends by itself after 30 s, so that no test run leaves one behind.
import { spawn } from 'node:child_process';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

function forkAndDie() {
  const { pid } = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stderr.write(`grandchild ${pid}\n`, () => process.exit(1));
  return new Promise(() => {});
}

const FORK = {
  name: 'fork_and_die',
  description: 'Forks and dies.',
  inputSchema: { type: 'object' },
  run: forkAndDie,
};

if (process.argv[2] === 'at-once') void forkAndDie();
else serve({ name: 'forks-and-dies', tools: [...goodTools, FORK] });
