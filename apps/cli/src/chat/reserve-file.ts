import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { CliError } from '../exit-code.ts';
import { checkFolder, makePrivateFile, readSmallFile, statusOf, writePrivateFile } from '../private-file.ts';

/**
 * Takes a name for a new session by writing its text there at once: no other chat can take it from then on. Gives what
 * undoes that as long as nothing else was written. An empty file is free, since it is what mktemp makes. Throws CliError
 * (`FILE_EXISTS`, `NOT_A_FILE`, `NOT_FOUND`, `UNAVAILABLE`): a session takes the place of nothing.
 */
export function reserveFile(path: string, text: string): () => void {
  const status = statusOf(path);
  checkFolder(dirname(path));
  if (status?.isFile() === false) throw new CliError('NOT_A_FILE', 'it is not a regular file; name a new one');
  if (status?.size === 0) writePrivateFile(path, text);
  else if (status !== undefined || !makePrivateFile(path, text))
    throw new CliError('FILE_EXISTS', 'it is there already; go on with it by --resume, or name another');
  return () => {
    try {
      if (readSmallFile(path, Buffer.byteLength(text)) !== text) return;
      if (status === undefined) rmSync(path);
      else writePrivateFile(path, '');
    } catch {
      // It is gone, or something else is there: that is somebody else's.
    }
  };
}
