import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

import type { ServerConfig } from '@mcp-dbg/core';

import { approveRuns } from '../approvals/approve-runs.ts';
import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { readSmallFile } from '../private-file.ts';
import type { Person } from '../terminal/person.ts';
import { askInput } from './ask-input.ts';
import type { ConfigSource } from './config-entry.ts';
import type { Known } from './fill-in.ts';
import { type UsableEntry, envFileOf, fillEntry, placesOf, referencesOf } from './fill-entry.ts';
import type { Chosen } from './look-up.ts';
import { runOf } from './run-of-entry.ts';

/** Bytes of a file of variables, or of one whose text is filled in, at most. */
const MAX_BYTES = 1024 * 1024;

/**
 * Makes servers of config files ready to be started: asks whether those of a project may be, asks for what their files want
 * to be asked, and fills it all in as their hosts would. `say` is told what a person should know. With `leavesFolders` a
 * server has a folder only where its file names one, or stands in a project elsewhere. Throws CliError (`NOT_APPROVED`,
 * `BAD_CONFIG`, `INTERRUPTED`).
 */
export async function startChosen(
  chosen: readonly Chosen[],
  io: Io,
  person: Person | undefined,
  say: (note: string) => void,
  leavesFolders: boolean,
): Promise<readonly ServerConfig[]> {
  await approveProjects(chosen, io, person);
  const answers = new Map<string, string>();
  const configs: ServerConfig[] = [];
  for (const { entry, inputs } of chosen) {
    const known = await knownTo({ entry, inputs }, answers, io, person);
    const { config, notes } = fillEntry(entry, known, variablesOfFile(entry, known));
    const off = entry.isOff ? [`${entry.name}: its file switches it off; it was named all the same`] : [];
    for (const note of [...off, ...notes]) say(note);
    configs.push(leavesFolders && isFolderOfHost(entry, io) ? withoutFolder(config) : config);
  }
  return configs;
}

/** True where the file leaves it to its host in which folder the server runs. */
function isFolderOfHost(entry: UsableEntry, { cwd, home }: Io): boolean {
  return entry.kind === 'stdio' && entry.cwd === undefined && [cwd, home].includes(entry.source.folder);
}

function withoutFolder(config: ServerConfig): ServerConfig {
  if (config.url !== undefined) return config;
  const { cwd: _, ...rest } = config;
  return rest;
}

/** What a project's file would run came with the folder, so the person sees it first. */
async function approveProjects(chosen: readonly Chosen[], io: Io, person: Person | undefined): Promise<void> {
  const projects = new Map<string, UsableEntry[]>();
  for (const { entry } of chosen) {
    if (entry.source.scope !== 'project') continue;
    projects.set(entry.source.path, [...(projects.get(entry.source.path) ?? []), entry]);
  }
  for (const [path, entries] of projects) {
    await approveRuns(
      {
        file: path,
        path,
        because: 'belongs to the project in this folder',
        runs: entries.map(runOf),
        instead: `if you trust that, name the file: --config ${JSON.stringify(path)}`,
      },
      io,
      person,
    );
  }
}

async function knownTo(
  { entry, inputs }: Chosen,
  answers: Map<string, string>,
  io: Io,
  person: Person | undefined,
): Promise<Known> {
  const own = new Map<string, string>();
  const files = new Map<string, string>();
  for (const reference of referencesOf(entry)) {
    if (reference.kind === 'input') {
      const key = JSON.stringify([entry.source.path, reference.id]);
      const answer = answers.get(key) ?? (await askInput(reference.id, entry, inputs, person));
      answers.set(key, answer);
      own.set(reference.id, answer);
    } else if (reference.kind === 'file') {
      files.set(
        reference.path,
        textOf(reference.path, entry.source, `the file of ${reference.text}`, entry.name).trimEnd(),
      );
    }
  }
  return { variables: io.env, places: placesOf(entry.source, io), inputs: own, files };
}

function variablesOfFile(entry: UsableEntry, known: Known): Readonly<Record<string, string | undefined>> {
  const path = envFileOf(entry, known);
  if (path === undefined) return {};
  // A NUL ends a variable for the system, and the rest would be lost in silence.
  const text = textOf(path, entry.source, 'its envFile', entry.name).replace(/^\uFEFF/, '');
  if (text.includes('\0'))
    throw new CliError('BAD_CONFIG', `Cannot use ${JSON.stringify(entry.name)}: its envFile has a NUL character`);
  return parseEnv(text);
}

function textOf(path: string, { folder }: ConfigSource, what: string, name: string): string {
  return prefixFailure(`Cannot use ${JSON.stringify(name)}: cannot read ${what}, ${JSON.stringify(path)}`, () =>
    readSmallFile(resolve(folder, path), MAX_BYTES, 'followed'),
  );
}
