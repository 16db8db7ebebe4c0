import { resolve } from 'node:path';

import { type Approval, ApprovalsFile } from '../approvals/approvals-file.ts';
import { serverText } from '../approvals/approved-server.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { localTime } from '../render/local-time.ts';
import { safeJson, visible } from '../render/visible.ts';
import { APPROVALS_FILE, statePath } from '../state-folder.ts';

export interface ApprovalsOptions {
  readonly json?: boolean;
}

/** Lists the tools that may run without being asked about. Gives the exit code. */
export async function listApprovals(io: Io, { json }: ApprovalsOptions): Promise<number> {
  const approvals = kept(io);
  if (json === true) {
    for (const approval of approvals) io.stdout.write(`${jsonOf(approval)}\n`);
    return EXIT.good;
  }
  if (approvals.length === 0) {
    io.stderr.write('No tool is approved for good; a chat asks, and the answer "always" is kept.\n');
    return EXIT.good;
  }
  const titleOf = ({ server }: Approval): string => `${visible(server.name)}: ${visible(serverText(server))}`;
  for (const title of new Set(approvals.map(titleOf))) {
    const own = approvals.filter((approval) => titleOf(approval) === title);
    const width = Math.max(...own.map(({ tool }) => visible(tool).length));
    io.stdout.write(`${title}\n`);
    for (const { tool, at } of own)
      io.stdout.write(`  ${visible(tool).padEnd(width)}  since ${visible(localTime(at))}\n`);
  }
  io.stderr.write(`${approvals.length} approved, in ${visible(statePath(io, APPROVALS_FILE))}\n`);
  return EXIT.good;
}

/** Forgets what is approved of a server, or one tool of it. Gives the exit code. Throws CliError `NOT_FOUND`. */
export async function forgetApprovals(
  io: Io,
  server: string,
  tool: string | undefined,
  { json }: ApprovalsOptions,
): Promise<number> {
  const approvals = kept(io);
  const ofServer = approvals.filter((approval) => isMeant(approval, server, io));
  const chosen = ofServer.filter((approval) => tool === undefined || approval.tool === tool);
  if (chosen.length === 0) throw nothing(server, tool, ofServer.length > 0 ? ofServer : approvals);
  prefixFailure('Cannot forget it', () => fileOf(io).forget(chosen, new Date().toISOString()));
  for (const approval of chosen) {
    const line = `forgot ${visible(approval.tool)} of ${visible(approval.server.name)}`;
    io.stdout.write(json === true ? `${jsonOf(approval)}\n` : `${line}\n`);
  }
  return EXIT.good;
}

function fileOf(io: Io): ApprovalsFile {
  return new ApprovalsFile(statePath(io, APPROVALS_FILE));
}

function kept(io: Io): readonly Approval[] {
  return prefixFailure(`Cannot read ${JSON.stringify(statePath(io, APPROVALS_FILE))}`, () => [
    ...fileOf(io).approvals.values(),
  ]);
}

/** A server is meant by its name in the list, its whole command or URL, or its script's path. */
function isMeant({ server }: Approval, wanted: string, { cwd }: Io): boolean {
  const path = resolve(cwd, wanted);
  return [server.name, server.url, serverText(server), ...(server.command ?? []).filter((word) => word === path)].some(
    (each) => each === wanted || each === path,
  );
}

function nothing(server: string, tool: string | undefined, others: readonly Approval[]): CliError {
  const what = tool === undefined ? JSON.stringify(server) : `${JSON.stringify(tool)} of ${JSON.stringify(server)}`;
  const names = [...new Set(others.map((each) => `${each.tool} of ${each.server.name}`))];
  const there = names.length === 0 ? 'nothing is' : `approved: ${names.slice(0, 10).join(', ')}`;
  return new CliError('NOT_FOUND', `Nothing is approved of ${what}; ${there} (mcp-dbg approvals lists all)`);
}

function jsonOf({ at, server: { name, ...place }, tool, definition: { hash } }: Approval): string {
  return safeJson(JSON.stringify({ server: name, ...place, tool, at, hash }));
}
