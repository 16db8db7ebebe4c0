import { type Stats, accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { ProxyError, type ProxyErrorCode } from './errors.ts';
import type { ServerCommand } from './server-process.ts';

/**
 * Says why the system would not start a command. It answers ENOENT for three different things (no such command, no
 * such interpreter, no such folder), so this looks which of them it was.
 */
export function explainStartFailure(command: ServerCommand, cause: unknown): ProxyError {
  const [name] = command.argv;
  const [code, reason] =
    whyNoCommand(command, cause) ??
    (errorCode(cause) === 'ENOEXEC'
      ? ['NOT_EXECUTABLE', 'it is neither a program for this system nor a script with a #! line']
      : ['START_FAILED', cause instanceof Error ? cause.message : String(cause)]);
  return new ProxyError(code, `Cannot start ${quote(name)}: ${reason}`, { cause });
}

type Why = readonly [code: ProxyErrorCode, reason: string];

function whyNoCommand({ argv: [name], cwd, env }: ServerCommand, cause: unknown): Why | undefined {
  if (cwd !== undefined && !isFolder(cwd)) return ['FOLDER_MISSING', `the working folder ${quote(cwd)} does not exist`];
  const folder = cwd ?? '.';
  const path = (env ?? process.env)['PATH'] ?? '';
  const denied = errorCode(cause) === 'EACCES';
  const file = locate(name, folder, path);
  if (file === undefined && denied) return ['NOT_EXECUTABLE', 'a folder on the way to it may not be entered'];
  if (file === undefined) return ['COMMAND_MISSING', whyNotFound(name, path)];
  if (isFolder(file)) return ['NOT_EXECUTABLE', 'it is a folder; name a program or a script in it'];
  if (!isExecutable(file)) return ['NOT_EXECUTABLE', 'it may not be run; `chmod +x` it or name its interpreter first'];
  const interpreter = interpreterOf(file);
  return interpreter === undefined ? undefined : whyNoInterpreter(interpreter, folder, path);
}

function whyNotFound(name: string, path: string): string {
  if (name === '') return 'the command is empty; name a program';
  if (name.includes('/')) return 'no such file; check the path';
  const where = path === '' ? 'which is empty' : quote(path);
  return `command not found in PATH (${where}); install it or give its full path`;
}

function whyNoInterpreter(name: string, folder: string, path: string): Why | undefined {
  const asks = `its first line asks for ${quote(name)}`;
  if (name.endsWith('\r'))
    return ['COMMAND_MISSING', `${asks}, a name with a carriage return; save it with Unix line ends`];
  const file = locate(name, folder, path);
  const next = 'install it or name another interpreter before the script';
  if (file === undefined) return ['COMMAND_MISSING', `${asks}, which is not installed; ${next}`];
  return isExecutable(file) ? undefined : ['NOT_EXECUTABLE', `${asks}, which may not be run; ${next}`];
}

/** The file that a command's name means, found as execvp(3) finds it; undefined when there is none. */
function locate(name: string, folder: string, path: string): string | undefined {
  if (name === '') return undefined;
  if (name.includes('/')) {
    const file = resolve(folder, name);
    return exists(file) ? file : undefined;
  }
  const files = path.split(delimiter).map((each) => join(each === '' ? folder : each, name));
  return files.find((file) => exists(file) && isExecutable(file)) ?? files.find(exists);
}

/** The interpreter in a script's `#!` line; for `#!/usr/bin/env NAME` the NAME. */
function interpreterOf(file: string): string | undefined {
  const line = /^#![ \t]*([^ \t\n]+)(?:[ \t]+(?:-S[ \t]+)?([^\s=]+)(?=[ \t\r]|$))?/.exec(firstLine(file));
  if (line === null) return undefined;
  return line[1]?.endsWith('/env') === true && line[2] !== undefined && !line[2].startsWith('-') ? line[2] : line[1];
}

function firstLine(file: string): string {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const head = Buffer.alloc(256);
      return head.toString('latin1', 0, readSync(fd, head, 0, head.length, 0)).split('\n', 1)[0] ?? '';
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statusOf(path) !== undefined;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
