import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Root } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';

/** Makes a root of a folder that is there (client/roots). Throws CliError `BAD_ARGUMENTS`. */
export function rootOf(folder: string, cwd: string): Root {
  const path = resolve(cwd, folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CliError('BAD_ARGUMENTS', `There is no folder ${JSON.stringify(folder)} to be a root`);
  return { uri: pathToFileURL(path).href, name: basename(path) };
}
