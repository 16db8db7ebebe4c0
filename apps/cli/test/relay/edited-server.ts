import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { fixture } from '@mcp-dbg/testkit';

import { BIN, environment, scratch } from '../driver.ts';
import { type Connect, type Connected, connectInPlace, connectLegacy } from '../honest/stock-clients.ts';

/** The stock clients of both SDKs, each of its own era. */
export const CLIENTS: Readonly<Record<'legacy' | 'modern', Connect>> = {
  legacy: connectLegacy,
  modern: connectInPlace,
};

/** A folder with a server whose file is edited while a client works with it. */
export interface EditedServer {
  readonly folder: string;
  readonly path: string;
  /** Saves a server that says this version; as most editors do, or with `rename` as the others do. */
  save(version: number, how?: 'write' | 'rename'): void;
  /** Saves any text in its place. */
  saveText(text: string): void;
}

const MODULE = pathToFileURL(join(dirname(fixture('echo')), '_mcp.mjs')).href;

/** Tools that only say which version of the file their process read, and with what pid. */
function serverText(version: number): string {
  return `import { serve } from ${JSON.stringify(MODULE)};
serve({
  name: 'edited',
  tools: [
    { name: 'version', inputSchema: { type: 'object' }, run: () => '${version}' },
    { name: 'pid', inputSchema: { type: 'object' }, run: () => String(process.pid) },
    { name: 'slow', inputSchema: { type: 'object' }, run: () => new Promise(() => {}) },
    { name: 'crash', inputSchema: { type: 'object' }, run: () => { console.error('out of cheese'); process.exit(7); } },
    { name: 'fail', inputSchema: { type: 'object' }, run: () => { throw new Error('The disk is full'); } },
  ],
});
`;
}

export function editedServer(): EditedServer {
  const folder = mkdtempSync(join(scratch, 'edited-'));
  const path = join(folder, 'server.mjs');
  let saves = 0;
  const server: EditedServer = {
    folder,
    path,
    save: (version, how = 'write') => {
      if (how === 'write') writeFileSync(path, serverText(version));
      else {
        const beside = join(folder, `.server.mjs.${++saves}.tmp`);
        writeFileSync(beside, serverText(version));
        renameSync(beside, path);
      }
    },
    saveText: (text) => writeFileSync(path, text),
  };
  server.save(1);
  return server;
}

/** A stock client behind the built proxy, which works in the server's folder. */
export async function connectThrough(
  connect: Connect,
  folder: string,
  options: readonly string[],
  command: readonly string[] = ['node', 'server.mjs'],
): Promise<Connected> {
  mkdirSync(folder, { recursive: true });
  const proxy = [process.execPath, BIN, 'proxy', ...options, '--', ...command];
  return await connect('sh', ['-c', 'cd "$0" && exec "$@"', folder, ...proxy], environment());
}

/** What a call of a tool says. */
export async function said({ call }: Connected, tool: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await call(tool, args)) as { readonly content: readonly { readonly text: string }[] };
  return content[0]?.text ?? '';
}

/** What a call of one of our tools gives. */
export async function told(
  { call }: Connected,
  tool: string,
  args: Record<string, unknown> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const result = (await call(tool, args)) as { readonly structuredContent: Readonly<Record<string, unknown>> };
  return result.structuredContent;
}

/** The text of the only capture in a folder. */
export function captureIn(folder: string): { readonly path: string; readonly text: string } {
  const name = readdirSync(folder).find((each) => each.endsWith('.mcpcap'));
  if (name === undefined) throw new Error(`There is no capture in ${folder}`);
  const path = join(folder, name);
  return { path, text: readFileSync(path, 'utf8') };
}
