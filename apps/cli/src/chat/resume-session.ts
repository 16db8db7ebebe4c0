import { resolve } from 'node:path';

import { maskArgv } from '@mcp-dbg/capture/redact';

import { type Run, approveRuns } from '../approvals/approve-runs.ts';
import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { readSmallFile } from '../private-file.ts';
import { commandText } from '../render/command-text.ts';
import { visible } from '../render/visible.ts';
import { personAt } from '../terminal/person.ts';
import { type SavedServer, type SessionContent, readSessionText } from './session-file.ts';
import { isSealed } from './session-seal.ts';

/** Bytes of a file at most: twice what a request to a model may have, since a reply is in it in two forms. */
export const MAX_SESSION_BYTES: number = 64 * 1024 * 1024;

/** Characters of the last query that are shown. */
const MAX_QUERY = 80;

/** Reads the file of a session. Throws CliError or CoreError in one sentence that names the file. */
export function readSession(file: string, io: Io): SessionContent {
  return prefixFailure(`Cannot resume ${JSON.stringify(file)}`, () =>
    readSessionText(readSmallFile(resolve(io.cwd, file), MAX_SESSION_BYTES)),
  );
}

/**
 * Returns where the servers of a file may be started: this person saved them on this machine, or allows it now. Throws
 * CliError otherwise (`NOT_APPROVED`, `INTERRUPTED`), and `USAGE` where the file does not hold the whole command.
 */
export async function allowServers(file: string, content: SessionContent, io: Io, json: boolean): Promise<void> {
  const masked = content.servers.find((server) => server.masked === true);
  if (masked !== undefined) {
    throw new CliError(
      'USAGE',
      `${JSON.stringify(file)} does not hold the secret in the ${masked.url === undefined ? 'command' : 'URL'} of ${JSON.stringify(masked.name)}; name the servers again, beside --resume`,
    );
  }
  if (isSealed(content.servers, content.seal, io)) return;
  const runs = {
    file,
    path: resolve(io.cwd, file),
    because: 'was not saved by you on this machine',
    runs: content.servers.map(runOf),
    instead: 'if you trust that, name the server on the command line beside --resume',
  };
  await approveRuns(runs, io, personAt(io, json));
}

function runOf(server: SavedServer): Run {
  const { name } = server;
  if (server.url !== undefined) return { name, shown: server.url, noted: server.url, whole: { url: server.url } };
  const { argv, cwd } = server;
  const where = cwd === undefined ? '' : ` (in ${JSON.stringify(cwd)})`;
  return {
    name,
    shown: commandText(argv) + where,
    noted: commandText(maskArgv(argv)) + where,
    whole: { argv, cwd: cwd ?? null },
  };
}

/** What a person is told of a session that goes on. */
export function resumedText(file: string, { turns }: SessionContent): string {
  const queries = turns.flatMap((turn) => (turn.role === 'user' ? [turn.text] : []));
  const last = queries.at(-1);
  const start = `resumed ${visible(file)}: ${queries.length} ${queries.length === 1 ? 'query' : 'queries'}`;
  if (last === undefined) return start;
  const characters = Array.from(last.replaceAll(/\s+/g, ' '));
  const shown = visible(characters.slice(0, MAX_QUERY).join(''));
  return `${start}; last: ${shown}${characters.length > MAX_QUERY ? '…' : ''}`;
}
