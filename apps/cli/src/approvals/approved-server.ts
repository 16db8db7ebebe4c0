import { isAbsolute, resolve } from 'node:path';

import { maskArgv } from '@mcp-dbg/capture/redact';
import { type ServerConfig, shownUrl } from '@mcp-dbg/core';

import { commandText } from '../render/command-text.ts';

/** Which server an approval is for, with no secret in it: what it runs, or where it is. */
export interface ApprovedServer {
  /** What it was called; it says nothing of what the server is. */
  readonly name: string;
  readonly command?: readonly string[];
  /** Where the command ran; absent where that cannot matter to what is run. */
  readonly folder?: string;
  readonly url?: string;
}

/** The server of a configuration, as an approval names it. */
export function approvedServer(config: ServerConfig, cwd: string): ApprovedServer {
  const { name } = config;
  if (config.url !== undefined) return { name, url: shownUrl(config.url) };
  const command = maskArgv(config.argv);
  // Words such as `node server.js` or `npx files` mean another program in another folder.
  if (command.every((word) => isAbsolute(word))) return { name, command };
  return { name, command, folder: resolve(cwd, config.cwd ?? '.') };
}

/** What two approvals for one tool of one server have in common; the name is not in it. */
export function approvalKey({ command, folder, url }: ApprovedServer, tool: string): string {
  return JSON.stringify([url ?? command ?? [], folder ?? '', tool]);
}

/** The command as a shell would need it, or the URL; not safe to print. */
export function serverText({ command, url, folder }: ApprovedServer): string {
  if (url !== undefined) return url;
  return commandText(command ?? []) + (folder === undefined ? '' : ` (in ${folder})`);
}
