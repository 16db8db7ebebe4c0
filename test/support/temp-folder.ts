import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder that is gone when its scope ends. */
export function tempFolder(name: string): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `mcp-dbg-${name}-`)));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
