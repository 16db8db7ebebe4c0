import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { failure } from './private-file.ts';

/** Standard input as a file, for whoever has to look twice. Gone when it is disposed of, or when this process ends. */
export interface KeptInput extends Disposable {
  readonly path: string;
}

/** Writes standard input into a file that only its owner can read. Throws CliError `UNAVAILABLE`. */
export async function keepInput(io: Io): Promise<KeptInput> {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-dbg-stdin-'));
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    const stay = io.onExit(remove);
    const path = join(folder, 'input.mcpcap');
    await pipeline(io.stdin, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return {
      path,
      [Symbol.dispose]: () => {
        stay();
        remove();
      },
    };
  } catch (error) {
    throw new CliError('UNAVAILABLE', `Cannot keep standard input: ${failure(error).message}`, { cause: error });
  }
}
