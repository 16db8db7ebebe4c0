// Runs servers that many people use through the built program and keeps what it saw in docs/transcripts/servers.json,
// of which `run docs` makes the table in docs/servers.md. Installs them into node_modules/.cache, so it needs the
// registries, and python3 for some. With names it runs those alone and keeps what was seen of the others.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { installServer } from './servers/install-server.ts';
import { POPULAR_SERVERS, type PopularServer } from './servers/popular-servers.ts';
import { type SeenServer, seeServer } from './servers/see-server.ts';

const root = join(import.meta.dirname, '..');
const kept = join(root, 'docs/transcripts/servers.json');
const cache = join(root, 'node_modules/.cache/mcp-dbg/servers');
const bin = join(root, 'apps/cli/dist/bin.js');
/** Runs of which the start time is the median. */
const RUNS = 3;

const words = process.argv.slice(2);
const wanted = POPULAR_SERVERS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

async function see(server: PopularServer): Promise<SeenServer | undefined> {
  const { from, name, version, args = [], env = {} } = server;
  try {
    const argv = [...(await installServer(server, cache)), ...args];
    const facts = await seeServer({ argv, env, bin, runs: RUNS });
    console.error(`${name} ${version}: ${facts.era}, ${facts.tools} tools, ${facts.startMs} ms`);
    return { from, name, version, ...facts };
  } catch (error) {
    console.error(`${name} ${version}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return undefined;
  }
}

const before = (JSON.parse(readFileSync(kept, 'utf8')) as { readonly servers: readonly SeenServer[] }).servers;
const nameOf = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name}@${version}`;
const seen = new Map(before.map((each) => [nameOf(each), each]));
// One after the other: a start time is that of a server that has the machine for itself.
for (const server of wanted) {
  const now = await see(server);
  if (now !== undefined) seen.set(nameOf(server), now);
}
const servers = POPULAR_SERVERS.flatMap((server) => seen.get(nameOf(server)) ?? []);
const run = { at: new Date().toISOString().slice(0, 10), node: process.version, servers };
writeFileSync(kept, `${JSON.stringify(run, null, 2)}\n`);
console.error('Kept in docs/transcripts/servers.json; "npx --yes pnpm@10.34.9 run docs" makes the table of it.');
