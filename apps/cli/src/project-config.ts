import { join, resolve } from 'node:path';

import { LEVELS } from '@mcp-dbg/protocol';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import type { FailOn } from './lint-report/lint-report.ts';
import { nearestWord } from './nearest-word.ts';
import { parseDuration } from './parse-duration.ts';
import { readSmallFile, statusOf } from './private-file.ts';

/** The file in the current folder in which a project says how its captures are checked. */
const FILE_NAME = 'mcp-dbg.json';

const MAX_BYTES = 1024 * 1024;

/** How a project wants its captures checked. Everything is optional; the command line wins. */
export interface LintConfig {
  /** Ids of rules that are switched off; `stdio/*` for all that begin so. */
  readonly off: readonly string[];
  readonly failOn: FailOn | undefined;
  readonly expectTools: readonly string[];
  readonly forbidTools: readonly string[];
  /** Milliseconds that a tool call may take. */
  readonly maxMs: number | undefined;
}

const KEYS = ['off', 'failOn', 'expectTools', 'forbidTools', 'maxDuration'] as const;

/**
 * Reads how captures are checked: the `lint` member of `mcp-dbg.json` in the current folder, or of the file that is
 * named, which then must be there. Throws {@link CliError} `NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`, `BAD_CONFIG`.
 */
export function lintConfig(io: Io, named: string | undefined): LintConfig {
  const path = named === undefined ? join(io.cwd, FILE_NAME) : resolve(io.cwd, named);
  if (named === undefined && statusOf(path) === undefined) return readLint({}, path);
  let text: string;
  try {
    text = readSmallFile(path, MAX_BYTES);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.code, `Cannot read the config file "${path}": ${error.message}`, { cause: error });
  }
  const config = objectAt(parsed(text, path), path, '');
  return readLint(config['lint'] === undefined ? {} : objectAt(config['lint'], path, 'lint'), path);
}

function readLint(lint: Readonly<Record<string, unknown>>, path: string): LintConfig {
  for (const key of Object.keys(lint)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const meant = nearestWord(key, KEYS);
    throw bad(path, `lint.${key} is not known${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  }
  return {
    off: textsAt(lint['off'], path, 'lint.off'),
    failOn: failOnAt(lint['failOn'], path),
    expectTools: textsAt(lint['expectTools'], path, 'lint.expectTools'),
    forbidTools: textsAt(lint['forbidTools'], path, 'lint.forbidTools'),
    maxMs: durationAt(lint['maxDuration'], path),
  };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(path, `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function objectAt(value: unknown, path: string, key: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw bad(path, `${key === '' ? 'it' : key} must be a JSON object`);
}

function textsAt(value: unknown, path: string, key: string): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw bad(path, `${key} must be a list of texts`);
}

function failOnAt(value: unknown, path: string): FailOn | undefined {
  if (value === undefined) return undefined;
  const known = [...LEVELS, 'none'] as const;
  const found = known.find((each) => each === value);
  if (found === undefined) throw bad(path, `lint.failOn must be one of ${known.join(', ')}`);
  return found;
}

function durationAt(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined) throw bad(path, 'lint.maxDuration must be a text such as "2s" or "500ms"');
  return ms;
}

function bad(path: string, why: string): CliError {
  return new CliError('BAD_CONFIG', `Cannot use the config file "${path}": ${why}`);
}
