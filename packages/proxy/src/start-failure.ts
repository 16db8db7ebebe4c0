import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { ProxyError } from './errors.ts';
import type { ServerCommand } from './server-process.ts';

/**
 * Says why the system would not start a command. It answers ENOENT for three different things (no such command, no
 * such interpreter, no such folder), so this looks which of them it was.
 */
export function explainStartFailure(command: ServerCommand, cause: unknown): ProxyError {
  const [name] = command.argv;
  const folder = command.cwd ?? process.cwd();
  const code = errorCode(cause);
  if (!isFolder(folder)) {
    return new ProxyError('FOLDER_MISSING', `Cannot start ${quote(name)}: the working folder ${quote(folder)} does not exist`, { cause });
  }
  const path = command.env?.['PATH'] ?? process.env['PATH'] ?? '';
  const file = locate(name, folder, path);
  if (file === undefined) return missing(name, path, cause);
  if (statSync(file).isDirectory()) {
    return new ProxyError('NOT_EXECUTABLE', `Cannot start ${quote(name)}: it is a folder; name a program or a script in it`, { cause });
  }
  const interpreter = interpreterOf(file);
  if (interpreter !== undefined && locate(interpreter, folder, path) === undefined) {
    return new ProxyError('COMMAND_MISSING', `Cannot start ${quote(name)}: its first line asks for ${quote(interpreter)}, which is not installed; install it or name another interpreter before the script`, { cause });
  }
  if (code === 'EACCES' || !isExecutable(file)) {
    return new ProxyError('NOT_EXECUTABLE', `Cannot start ${quote(name)}: it is not executable; run \`chmod +x\` on it or name its interpreter first`, { cause });
  }
  if (code === 'ENOEXEC') {
    return new ProxyError('NOT_EXECUTABLE', `Cannot start ${quote(name)}: it is neither a program for this system nor a script with a #! line`, { cause });
  }
  return new ProxyError('START_FAILED', `Cannot start ${quote(name)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

function missing(name: string, path: string, cause: unknown): ProxyError {
  const message = name.includes('/')
    ? `Cannot start ${quote(name)}: no such file; check the path`
    : `Cannot start ${quote(name)}: command not found in PATH (${path || 'which is empty'}); install it or give its full path`;
  return new ProxyError('COMMAND_MISSING', message, { cause });
}

/** The file that a command's name means, found as execvp(3) finds it; undefined when there is none. */
function locate(name: string, folder: string, path: string): string | undefined {
  if (name.includes('/')) {
    const file = resolve(folder, name);
    return exists(file) ? file : undefined;
  }
  const files = path.split(delimiter).map((each) => join(each === '' ? folder : each, name));
  return files.find((file) => exists(file) && isExecutable(file)) ?? files.find(exists);
}

/** The interpreter in a script's `#!` line; for `#!/usr/bin/env NAME` the NAME. */
function interpreterOf(file: string): string | undefined {
  const line = /^#! *(\S+)(?: +(?:-S +)?([^\s=]+)(?= |$))?/.exec(firstLine(file));
  if (line === null) return undefined;
  return line[1]?.endsWith('/env') === true && line[2] !== undefined && !line[2].startsWith('-') ? line[2] : line[1];
}

function firstLine(file: string): string {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const head = Buffer.alloc(256);
      return head.toString('latin1', 0, readSync(fd, head, 0, head.length, 0)).split(/[\r\n]/, 1)[0] ?? '';
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
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
