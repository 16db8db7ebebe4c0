import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type FixtureName, fixture } from '@mcp-dbg/testkit';

import type { StdioServer } from '../../src/index.ts';

const folder = dirname(fixture('echo'));
const url = (file: string): string => JSON.stringify(pathToFileURL(file).href);

/** A server written in a test: a module that has `serve` and `goodTools` of the fixture servers, and `FILE`. */
export function custom(code: string, file = ''): StdioServer {
  const module = `
    import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
    import { serve, rpcError, text } from ${url(join(folder, '_mcp.mjs'))};
    import { goodTools } from ${url(join(folder, '_tools.mjs'))};
    const FILE = ${JSON.stringify(file)};
    const object = { type: 'object' };
    ${code}`;
  return { name: 'custom', argv: [process.execPath, '--input-type=module', '-e', module], trusted: true };
}

/** A server that is one fixture at its first start and another one at every later start. */
export function changing(first: FixtureName, later: FixtureName, file: string): StdioServer {
  return custom(
    `const started = existsSync(FILE);
     writeFileSync(FILE, '');
     await import(started ? ${url(fixture(later))} : ${url(fixture(first))});`,
    file,
  );
}

/** A file's path in a folder of its own, which goes with the test. */
export function scratchFile(): Disposable & { readonly path: string } {
  const own = mkdtempSync(join(tmpdir(), 'mcp-dbg-core-'));
  return { path: join(own, 'file'), [Symbol.dispose]: () => rmSync(own, { recursive: true, force: true }) };
}
