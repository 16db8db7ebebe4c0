import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { CliError, exitOfSignal } from './exit-code.ts';
import type { Io } from './io.ts';
import { PacedOutput } from './paced-output.ts';
import { failure } from './private-file.ts';

/** Where a command puts what it makes: stdout, or a file that is there whole or not at all. */
export interface Output {
  /** False when nobody reads any more. */
  write(chunk: string | Uint8Array): Promise<boolean>;
}

/**
 * Lets `make` write what was asked for, into `file`, or to stdout where none is named or `-`. A file is written beside its name
 * and takes its place in one step, readable for its owner alone; where `make` fails, nothing is left and what was there
 * stays. False where whoever reads stdout went away. Throws CliError `INTERRUPTED`, and `BAD_OUTPUT` where the file is
 * the input, a folder or a device, or cannot be written.
 */
export async function writeOutput(
  io: Io,
  file: string | undefined,
  input: string | undefined,
  make: (output: Output) => Promise<void>,
): Promise<boolean> {
  if (file === undefined || file === '-') {
    using output = new PacedOutput(io.stdout);
    await make(output);
    return !output.gone.aborted;
  }
  const path = resolve(io.cwd, file);
  await refuseInput(path, input);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  // From before the file is there: a signal must not find it without anyone to delete it.
  const { interruption, deaf } = interruptible(io, path);
  let handle: FileHandle | undefined;
  try {
    const made = await opened(temporary, path);
    handle = made;
    const write: Output['write'] = async (chunk) => {
      await written(made, chunk, path);
      return true;
    };
    // What makes it may wait for an input that never ends.
    await Promise.race([make({ write }), interruption]);
    await made.close();
    await rename(temporary, path).catch((error: unknown) => {
      throw unwritable(path, error);
    });
    return true;
  } catch (error) {
    if (handle === undefined) throw error;
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  } finally {
    deaf();
  }
}

/** A promise that fails at a signal, and the way to stop listening. */
function interruptible(io: Io, path: string): { readonly interruption: Promise<never>; readonly deaf: () => void } {
  const message = `Interrupted; nothing was written to "${path}"`;
  let deaf = (): void => {};
  const interruption = new Promise<never>((_, reject) => {
    deaf = io.onSignal((signal) => reject(new CliError('INTERRUPTED', message, { exit: exitOfSignal(signal) })));
  });
  // It may come before anybody waits for it.
  interruption.catch(() => {});
  return { interruption, deaf };
}

/** An output that takes the place of its input would destroy what it is made from, whichever name it goes by. */
async function refuseInput(path: string, input: string | undefined): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return;
  const [target, source] = await Promise.all([fileAt(path), input === undefined ? undefined : fileAt(input)]);
  if (source !== undefined && target?.dev === source.dev && target.ino === source.ino)
    throw new CliError('BAD_OUTPUT', `The output "${path}" is the capture itself; name another file`);
  if (!there.isFile())
    throw new CliError(
      'BAD_OUTPUT',
      `Cannot write "${path}": it is not a regular file; name one, and not a link to it`,
    );
}

/** What stands at a path, at the end of links; undefined for nothing. */
async function fileAt(path: string): Promise<Stats | undefined> {
  return await stat(path).catch(() => undefined);
}

async function opened(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, 'wx', 0o600);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function written(handle: FileHandle, chunk: string | Uint8Array, path: string): Promise<void> {
  try {
    await handle.writeFile(chunk);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): CliError {
  return new CliError('BAD_OUTPUT', `Cannot write "${path}": ${failure(error).message}`, { cause: error });
}
