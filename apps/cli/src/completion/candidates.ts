import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import { pathCompletions } from '../chat/path-completions.ts';
import type { Io } from '../io.ts';
import { recallTools } from './known-tools.ts';
import type { Wanted } from './wanted.ts';

/** Something that may stand at the cursor. */
export interface Candidate {
  readonly value: string;
  readonly text?: string;
  /** True where the word goes on behind it. */
  readonly isOpen?: boolean;
}

/** What may stand at the cursor; `paths` where a path may, which most shells complete better than we do. */
export interface Candidates {
  readonly found: readonly Candidate[];
  readonly paths?: 'files' | 'folders';
}

/** Finds what is wanted. Reads files alone: no server is started and nobody is asked. */
export async function candidates(wanted: Wanted, io: Io): Promise<Candidates> {
  switch (wanted.kind) {
    case 'commands':
      return {
        found: wanted.of.commands
          .filter((each) => !isHidden(each))
          .map((each) => ({ value: each.name(), text: each.description() })),
      };
    case 'options':
      return { found: optionsOf(wanted.of, wanted.given) };
    case 'choices':
      return { found: wanted.values.map((value) => ({ value })) };
    case 'servers':
      return { found: await serverNames(io), paths: 'files' };
    case 'names':
      return { found: await serverNames(io) };
    case 'captures':
      return { found: await captureLabels(io), paths: 'files' };
    case 'models':
      return { found: await models() };
    case 'tools':
      return { found: recallTools(io, wanted.server).map(({ name }) => ({ value: name })) };
    case 'arguments': {
      const tool = recallTools(io, wanted.server).find(({ name }) => name === wanted.tool);
      return { found: (tool?.arguments ?? []).map((name) => ({ value: `${name}=`, isOpen: true })) };
    }
    case 'files':
    case 'folders':
      return { found: [], paths: wanted.kind };
    case 'nothing':
      return { found: [] };
  }
}

/** The paths that a word may become, for a shell that does not know them itself; a folder ends in a slash. */
export function paths(word: string, kind: 'files' | 'folders', { cwd, home }: Io): readonly Candidate[] {
  const list = (folder: string): readonly string[] => {
    try {
      const path = folder.startsWith('~/') ? join(home, folder.slice(2)) : resolve(cwd, folder);
      return readdirSync(path, { withFileTypes: true })
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .filter((name) => kind === 'files' || name.endsWith('/'));
    } catch {
      return [];
    }
  };
  return pathCompletions(word, list).map((value) => ({ value, isOpen: value.endsWith('/') }));
}

function optionsOf(command: Command, given: ReadonlySet<string>): readonly Candidate[] {
  const own = command.options.filter(({ long, hidden }) => long !== undefined && !hidden && !given.has(long));
  return [
    ...own.map(({ long = '', description }) => ({ value: long, text: description })),
    { value: '--help', text: 'show the help' },
  ];
}

/** Names of config files. What one of them would run is shown and approved when it is used, not here. */
async function serverNames(io: Io): Promise<readonly Candidate[]> {
  const { loadConfigs } = await import('../config/load-configs.ts');
  const entries = loadConfigs(io).flatMap((config) => (config.kind === 'content' ? config.entries : []));
  return Array.from(new Set(entries.map(({ name }) => name)), (value) => ({ value, text: 'of a config file' }));
}

async function captureLabels({ home, platform }: Io): Promise<readonly Candidate[]> {
  const { captureFolder, listCaptures } = await import('@mcp-dbg/capture/node');
  const stored = await listCaptures(captureFolder(home, platform));
  const newest = new Map(stored.map(({ label, at }) => [label, at]));
  return Array.from(newest, ([value, at]) => ({
    value,
    text: `a stored capture; the newest of ${at.slice(0, 16).replace('T', ' ')}`,
  }));
}

async function models(): Promise<readonly Candidate[]> {
  const { KNOWN_MODELS } = await import('@mcp-dbg/core/anthropic');
  return [
    ...KNOWN_MODELS.map((value) => ({ value })),
    { value: 'manual', text: 'you are the model' },
    { value: 'script:', text: 'a script in place of a model', isOpen: true },
  ];
}

/** Commander keeps to itself which commands are hidden; help shows the others. */
function isHidden(command: Command): boolean {
  const shown = command.parent?.createHelp().visibleCommands(command.parent) ?? [];
  return !shown.includes(command);
}
