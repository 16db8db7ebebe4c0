import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';

import type { ServerConfig } from '@mcp-dbg/core';
import { fixture } from '@mcp-dbg/testkit';

import type { Io } from '../../src/io.ts';
import { type NamingLimits, type ServerOptions, serversOf } from '../../src/server-options.ts';
import { type Ran, file, run, scratch } from '../driver.ts';

/** A home folder and a project that is a repository, with files by path: `~/` is the home. */
export interface Machine {
  readonly home: string;
  readonly project: string;
  /** For runs in a folder of the project. */
  readonly options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> };
}

/** Makes a machine with these files. */
export function machine(files: Readonly<Record<string, string>>): Machine {
  const root = realpathSync(mkdtempSync(join(scratch, 'machine-')));
  const [home, project] = [join(root, 'home'), join(root, 'project')];
  for (const folder of [home, join(project, '.git'), join(project, 'sub')]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith('~/') ? join(home, name.slice(2)) : join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return { home, project, options: { cwd: join(project, 'sub'), env: { HOME: home } } };
}

/** The text of a file that has these servers. */
export function holds(servers: Readonly<Record<string, object>>, key = 'mcpServers'): string {
  return JSON.stringify({ [key]: servers });
}

/** A server that tells by its tool `tell` how it was started. */
const TELLS = file(
  'tells.mjs',
  `import { serve, text } from ${JSON.stringify(fixture('echo').replace(/[^/]*$/, '_mcp.mjs'))};
   const told = { args: process.argv.slice(2), cwd: process.cwd(), env: process.env };
   serve({ name: 'tells', tools: [{ name: 'tell', inputSchema: { type: 'object' }, run: () => text(JSON.stringify(told)) }] });`,
);

/** An entry that starts it. */
export function tells(more: object = {}, ...args: readonly string[]): object {
  return { command: process.execPath, args: [TELLS, ...args], ...more };
}

/** How a server was started, as it tells itself. */
export interface Told {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Asks a server how it was started. */
export async function told(
  words: readonly string[],
  options: Machine['options'],
): Promise<{ readonly ran: Ran; readonly told: Told }> {
  const ran = await run(['call', ...words], options);
  return { ran, told: ran.code === 0 ? JSON.parse(ran.stdout) : { args: [], cwd: '', env: {} } };
}

/** The servers that words name on a machine without a terminal, found in this process. */
export async function resolved(
  targets: readonly string[],
  { home, options: { cwd } }: Machine,
  { most, leavesFolders = false, ...options }: ServerOptions & Pick<NamingLimits, 'most' | 'leavesFolders'> = {},
): Promise<readonly ServerConfig[]> {
  const { PATH } = process.env;
  const deaf = (): (() => void) => () => {};
  const terminal = { stdin: false, stdout: false, stderr: false };
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const world = { cwd, home, env: { PATH, HOME: home }, platform: 'linux', merged: false } as const;
  const io: Io = { ...streams, ...world, terminal, onSignal: deaf, onExit: deaf };
  return await serversOf(targets, undefined, options, io, { leavesFolders, ...(most !== undefined && { most }) });
}
