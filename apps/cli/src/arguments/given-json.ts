import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { failure } from '../private-file.ts';

/** Arguments that are given as JSON: on the command line, or in a file, or on stdin where that is `-`. */
export interface GivenJson {
  readonly args?: string;
  readonly argsFile?: string;
}

/** The JSON of the arguments; undefined where none is given. Throws CliError `USAGE` and `BAD_ARGUMENTS`. */
export async function givenJson(io: Io, { args, argsFile }: GivenJson): Promise<string | undefined> {
  if (argsFile === undefined) return args;
  if (args !== undefined) throw new CliError('USAGE', 'Give the arguments with --args or with --args-file, not both');
  return await textOf(io, argsFile);
}

/** The text of a file, or of stdin for `-`. Throws CliError `BAD_ARGUMENTS` where it cannot be read, or is no UTF-8. */
export async function textOf(io: Io, file: string): Promise<string> {
  const name = file === '-' ? 'stdin' : JSON.stringify(file);
  const bytes = await (file === '-' ? buffer(io.stdin) : readFile(resolve(io.cwd, file))).catch((error: unknown) => {
    throw new CliError('BAD_ARGUMENTS', `Cannot read ${name}: ${failure(error).message}`, { cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError('BAD_ARGUMENTS', `What ${name} holds is not UTF-8, so it would not arrive as it is`);
  }
}
