import { SavedFiles } from './chat/saved-files.ts';
import type { Io } from './io.ts';
import type { BlocksLook } from './render/blocks-text.ts';
import { themeFor } from './render/theme.ts';
import { statePath } from './state-folder.ts';
import { columnsOf } from './terminal/size.ts';

/** How a command shows what a server gives on stdout; bytes are saved in the person's state folder. */
export function resultLook(io: Io): BlocksLook {
  const files = new SavedFiles(statePath(io, 'files'), io.home);
  return {
    theme: themeFor(io.terminal.stdout, io.env),
    columns: io.terminal.stdout ? columnsOf(io.stdout) : undefined,
    saveFile: (file) => files.save(file),
  };
}
