import {
  type ConnectionObserver,
  type EraChoice,
  type ServerConfig,
  type ServerEvent,
  Session,
  type SessionOptions,
  listEntries,
} from '@mcp-dbg/core';

import { knownError } from '../exit-code.ts';
import { type ServerOptions, sessionOptions } from '../server-options.ts';
import { findCommand, findPythons, missingPaths } from './find-command.ts';
import type { Surroundings } from './hosts.ts';
import type { Launch } from './launch.ts';
import type { StartFacts, StartOutcome } from './start-facts.ts';
import { StartRecord } from './start-record.ts';
import { causeOf } from './stderr-cause.ts';

/** How one start is made, and who watches it. */
export interface StartOptions {
  readonly server: ServerConfig;
  readonly launch: Launch;
  readonly era: EraChoice;
  readonly options: ServerOptions;
  readonly world: Surroundings;
  readonly signal: AbortSignal;
  /** How a server behind a URL is signed in to. */
  readonly access: SessionOptions['access'];
  /** Records one connection; called once for each. */
  readonly observe: (server: ServerConfig) => readonly ConnectionObserver[];
  readonly onEvent: (event: ServerEvent) => void;
}

/** What a start came to, and how many frames it took. */
export interface Started {
  readonly facts: StartFacts;
  readonly frames: number;
}

/**
 * Starts a server as one launch says, asks it for all its lists, ends it, and tells what happened. It never calls a tool.
 * Whatever the server does is a fact; throws only the signal's reason, and what is no failure that we know.
 */
export async function startServer(start: StartOptions): Promise<Started> {
  const { server, launch, era, world, signal } = start;
  const command = findCommand(launch, world);
  const began = performance.now();
  const record = new StartRecord(() => Math.round((performance.now() - began) * 1000));
  const outcome = await opened(start, record);
  signal.throwIfAborted();
  const cause = outcome.kind === 'failed' ? causeOf(record.processes.at(-1)?.stderr ?? []) : undefined;
  const facts: StartFacts = {
    launch,
    isRemote: server.url !== undefined,
    asked: era,
    processes: record.processes,
    outcome,
    lint: record.lint,
    command,
    inner: cause?.kind === 'command' ? findCommand({ ...launch, argv: [cause.name] }, world) : undefined,
    paths: missingPaths(launch, world),
    pythons: findPythons(launch, world),
    known: new Set(Object.keys(world.env)),
    silentMs: record.silentMs,
  };
  return { facts, frames: record.frames };
}

async function opened(
  { server, launch, era, options, signal, access, observe, onEvent }: StartOptions,
  record: StartRecord,
): Promise<StartOutcome> {
  const { argv, env, cwd } = launch;
  const config: ServerConfig = server.url === undefined ? { ...server, argv, env, cwd } : server;
  try {
    await using session = await Session.open({
      ...sessionOptions(options),
      era,
      servers: [config],
      restarts: false,
      // The launch has all that the server is given.
      environment: {},
      ...(access && { access }),
      observe: () => [record.observer(), ...observe(config)],
      signal,
      onEvent: (event) => {
        record.see(event);
        onEvent(event);
      },
    });
    const [supervisor] = session.servers;
    if (supervisor === undefined) throw new TypeError('a session without its server');
    const { connection, tools } = await supervisor.ready();
    for (const method of ['resources/list', 'resources/templates/list', 'prompts/list'] as const)
      await listEntries(connection, method, signal, () => {}).catch(unlessUnknown);
    const { era: spoken, protocolVersion, serverInfo } = connection;
    return { kind: 'ready', era: spoken, protocolVersion, ...serverInfo, tools, readyMs: record.readyMs };
  } catch (error) {
    const { code } = unlessUnknown(error);
    return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Gives the code of a failure that we know; the linter tells what it means where it is the answer to a list. */
function unlessUnknown(error: unknown): { readonly code: string } {
  const known = knownError(error);
  if (known === undefined) throw error;
  return known;
}
