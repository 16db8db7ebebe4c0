// Runs every console block of the docs that is marked <!-- transcript --> and puts what it printed into the page.
// With --check it changes nothing and fails where a page shows something else. Times and pids may differ; long JSON lines are cut.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const check = process.argv.includes('--check');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const BLOCK = /(<!-- transcript -->\n```console\n)([\s\S]*?)(```\n)/g;

const home = mkdtempSync(join(tmpdir(), 'mcp-dbg-docs-'));
try {
  const command = join(home, 'mcp-dbg');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'apps/cli/dist/bin.js')}" "$@"\n`);
  chmodSync(command, 0o755);
  const stale = pages.filter((page) => renew(join(root, page)));
  if (check && stale.length > 0) {
    console.error(`These pages no longer show what the program prints; run "pnpm docs": ${stale.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Gives true when the page differed from what its commands print now. */
function renew(path) {
  const before = readFileSync(path, 'utf8');
  const after = before.replaceAll(BLOCK, (_, open, body, close) => open + transcript(body) + close);
  const differs = normal(before) !== normal(after);
  if (differs && !check) writeFileSync(path, after);
  return differs;
}

function transcript(body) {
  const commands = body.split('\n').filter((line) => line.startsWith('$ '));
  return commands.map((line) => `${line}\n${run(line.slice(2))}`).join('');
}

function run(line) {
  const env = { PATH: `${home}:${process.env.PATH}`, HOME: home, NO_COLOR: '1', TERM: 'dumb' };
  // What stdout and stderr hold stands in the order in which it was written, as in a terminal.
  const output = execFileSync('sh', ['-c', `{ ${line}\n} 2>&1 || true`], {
    cwd: root,
    env,
    encoding: 'utf8',
    input: '',
  });
  return output
    .replaceAll(home, '~')
    .replaceAll(`${root}/`, '')
    .replaceAll(/\/\S*\/(node|python3)\b/g, '$1');
}

/** Times, sizes of what holds them, and pids differ from run to run. */
function normal(text) {
  return text
    .replaceAll(/\d+(\.\d+)? m?s\b/g, 'TIME')
    .replaceAll(/\d+\.\d{3}s\b/g, 'TIME')
    .replaceAll(/pid \d+/g, 'pid N')
    .replaceAll(/\d{8}T\d{6}\.\d{3}Z/g, 'STAMP');
}
