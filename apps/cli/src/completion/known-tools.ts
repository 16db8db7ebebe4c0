import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import type { ListedTool } from '@mcp-dbg/core';
import { makeFolder } from '@mcp-dbg/capture/folder';

import type { Io } from '../io.ts';
import { readSmallFile, writePrivateFile } from '../private-file.ts';
import { visible } from '../render/visible.ts';
import { propertiesOf, resolveSchema } from '../schema/resolve-schema.ts';
import { statePath } from '../state-folder.ts';

/** What a shell can offer of one tool. */
export interface KnownTool {
  readonly name: string;
  readonly arguments: readonly string[];
}

interface KnownServer {
  /** When it was last listed, in milliseconds since 1970. */
  readonly at: number;
  readonly tools: readonly KnownTool[];
}

/** Servers that are remembered, and how much of each. */
const MAX_SERVERS = 64;
const MAX_TOOLS = 500;
const MAX_ARGUMENTS = 50;
const MAX_NAME = 128;
const MAX_BYTES = 4 * 1024 * 1024;
/** How long a listing is offered, and after which time the same one is written again (milliseconds). */
const LIFE_MS = 7 * 24 * 3600 * 1000;
const FRESH_MS = 24 * 3600 * 1000;

/** Makes the file in which tools are remembered: whoever never asked for completion has none, and nothing is kept. */
export function beginRemembering(io: Io): void {
  try {
    const path = fileOf(io);
    if (!existsSync(path)) write(path, new Map());
  } catch {
    // A home that cannot be written to completes all but tools.
  }
}

/**
 * Remembers the tools of a server under the name that was typed for it here, so that Tab need not start it; only after
 * {@link beginRemembering}. What cannot be written costs the names, nothing else.
 */
export function rememberTools(io: Io, target: string, listed: readonly ListedTool[], now = Date.now()): void {
  try {
    const path = fileOf(io);
    if (!existsSync(path)) return;
    const known = load(path);
    const key = keyOf(io, target);
    const tools = listed.slice(0, MAX_TOOLS).flatMap(knownTool);
    const before = known.get(key);
    const isSame = before !== undefined && JSON.stringify(before.tools) === JSON.stringify(tools);
    if (isSame && now - before.at < FRESH_MS) return;
    known.delete(key);
    known.set(key, { at: now, tools });
    write(path, known);
  } catch {
    // The next listing may have more luck; nobody asked for this one.
  }
}

/** The tools of a server as they were last listed here, at most a week ago; none where nothing is known of it. */
export function recallTools(io: Io, target: string, now = Date.now()): readonly KnownTool[] {
  const known = load(fileOf(io)).get(keyOf(io, target));
  return known === undefined || now - known.at > LIFE_MS ? [] : known.tools;
}

function fileOf(io: Io): string {
  return statePath(io, 'tools.json');
}

/** Writes the servers that were listed last. */
function write(path: string, known: ReadonlyMap<string, KnownServer>): void {
  const kept = [...known].toSorted(([, one], [, other]) => other.at - one.at).slice(0, MAX_SERVERS);
  makeFolder(dirname(path));
  writePrivateFile(path, JSON.stringify({ version: 1, servers: Object.fromEntries(kept) }));
}

/** What was typed may be a URL with a secret in it, and means something else in another folder. */
function keyOf({ cwd }: Io, target: string): string {
  return createHash('sha256').update(`${cwd}\0${target}`).digest('hex').slice(0, 32);
}

/** A name that has to be made visible cannot be typed either. */
function knownTool({ name, inputSchema }: ListedTool): readonly KnownTool[] {
  if (!isPlain(name)) return [];
  const names = Array.from(propertiesOf(resolveSchema(inputSchema, inputSchema)), ([each]) => each);
  return [{ name, arguments: names.filter(isPlain).slice(0, MAX_ARGUMENTS) }];
}

function isPlain(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME && visible(name) === name;
}

function load(path: string): Map<string, KnownServer> {
  try {
    const read: unknown = JSON.parse(readSmallFile(path, MAX_BYTES));
    const servers = isObject(read) && read['version'] === 1 ? read['servers'] : undefined;
    return new Map(
      Object.entries(isObject(servers) ? servers : {}).flatMap(([key, value]) =>
        isObject(value) && typeof value['at'] === 'number'
          ? [[key, { at: value['at'], tools: Array.isArray(value['tools']) ? value['tools'].flatMap(readTool) : [] }]]
          : [],
      ),
    );
  } catch {
    return new Map();
  }
}

function readTool(value: unknown): readonly KnownTool[] {
  if (!isObject(value) || typeof value['name'] !== 'string' || !isPlain(value['name'])) return [];
  const names: readonly unknown[] = Array.isArray(value['arguments']) ? value['arguments'] : [];
  return [{ name: value['name'], arguments: names.filter((each) => typeof each === 'string').filter(isPlain) }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
