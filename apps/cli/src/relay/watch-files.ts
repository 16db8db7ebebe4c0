import { realpathSync, watch as watchPath } from 'node:fs';
import { dirname, relative, sep } from 'node:path';

import { watch } from 'chokidar';

import { LateFolders } from './late-folders.ts';
import { watchPattern } from './watch-pattern.ts';

export interface WatchFilesOptions {
  /** Globs, files and folders, relative to `cwd`; those that begin with `!` leave out what they name. */
  readonly globs: readonly string[];
  readonly cwd: string;
  /** What changed since then (wall time, milliseconds since 1970) is told, though it was not watched yet. */
  readonly sinceMs: number;
  /** A file was written, made or deleted: its path as a person reads it. */
  readonly onChange: (path: string) => void;
  /** Says what there is to know, in a sentence. */
  readonly tell: (sentence: string) => void;
}

/** Why not all can be watched, by the system's code. */
const TROUBLES: Readonly<Record<string, string>> = {
  ENOSPC: 'the system watches no more files (raise fs.inotify.max_user_watches)',
  EMFILE: 'too many files are open (raise ulimit -n, or fs.inotify.max_user_instances)',
  ENFILE: 'too many files are open on this machine',
};

/** Watches files until it is closed. What cannot be watched is said once, and the rest goes on. */
export function watchFiles(options: WatchFilesOptions): { readonly close: () => Promise<void> } {
  const { globs, cwd, sinceMs, onChange, tell } = options;
  const patterns = globs.map((glob) => watchPattern(glob, cwd));
  const wanted = patterns.filter(({ isExclusion }) => !isExclusion);
  const unwanted = patterns.filter(({ isExclusion }) => isExclusion);
  const isWanted = (path: string): boolean =>
    wanted.some((each) => each.matches(path)) && !unwanted.some((each) => each.matches(path));
  const isIgnored = (path: string, isFile: boolean | undefined): boolean => {
    if (isFile === true) return !isWanted(path);
    if (isFile === false && isLoop(path)) return true;
    return !wanted.some((each) => each.mayHold(path)) || unwanted.some((each) => each.matches(path));
  };
  const troubles = new Set<string>();
  const trouble = ({ code, message }: NodeJS.ErrnoException): void => {
    const why = TROUBLES[code ?? ''] ?? message;
    if (troubles.has(why)) return;
    troubles.add(why);
    tell(`not all files can be watched: ${why}; a change may go unseen`);
  };
  const late = new LateFolders((path) => void watcher.add(path), isIgnored);
  const found = new Set<string>();
  let isReady = false;
  const watcher = watch([...new Set(wanted.map(({ root }) => root))], {
    ignored: (path, stats) => isIgnored(path, stats?.isFile()),
  });
  watcher.on('all', (event, path, stats) => {
    late.see(event, path, isReady);
    if (event === 'addDir' || event === 'unlinkDir' || !isWanted(path)) return;
    const isOld = event === 'add' && !isReady && (stats?.ctimeMs ?? 0) <= sinceMs;
    if (!isReady) found.add(path);
    if (!isOld) onChange(relative(cwd, path));
  });
  watcher.on('ready', () => {
    isReady = true;
    // The watcher keeps it to itself when it reaches a limit of the system; the next one who asks is told.
    const refusal = refusalToWatch(process.execPath);
    if (refusal !== undefined) trouble(refusal);
    tell(`watching ${found.size} ${found.size === 1 ? 'file' : 'files'} for changes`);
    for (const each of wanted)
      if (![...found].some((path) => each.matches(path))) tell(`--watch ${each.text} matches no file yet`);
    found.clear();
  });
  watcher.on('error', (error) => trouble(error as NodeJS.ErrnoException));
  return {
    close: async () => {
      late.close();
      await watcher.close();
    },
  };
}

/** True for a link to a folder that it is in itself: to follow it would never end. */
function isLoop(path: string): boolean {
  try {
    const folder = `${realpathSync(dirname(path))}${sep}`;
    return folder.startsWith(`${realpathSync(path)}${sep}`);
  } catch {
    return false;
  }
}

function refusalToWatch(path: string): NodeJS.ErrnoException | undefined {
  try {
    watchPath(path).close();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
