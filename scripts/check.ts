// Runs every check of the house but the tests, says what failed, and goes on to the end so that one run shows all.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  {
    name: 'build and types of every package',
    command: ['turbo', 'run', 'build', 'typecheck', '--continue', '--output-logs=errors-only'],
  },
  { name: 'types of the tests and scripts', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'boundaries', command: ['turbo', 'boundaries'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings', '.'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'unused code and dependencies', command: ['knip', '--no-config-hints'] },
  { name: 'rules of the house', command: ['tsx', 'scripts/check-house.ts'] },
];

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
const failed: string[] = [];

for (const { name, command } of checks) {
  const [program = '', ...args] = command;
  const from = performance.now();
  const { status, stdout, stderr, error } = spawnSync(join(bin, program), args, { cwd: root, env, encoding: 'utf8' });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok      ${name} (${seconds} s)`);
    continue;
  }
  failed.push(name);
  console.log(
    `FAILED  ${name} (${seconds} s): ${command.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`,
  );
}

console.log(failed.length === 0 ? 'check: all passed' : `check: failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
