import { join, resolve } from 'node:path';

import { nearestWord } from '@mcp-dbg/capture';
import { LEVELS } from '@mcp-dbg/protocol/lint';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import type { FailOn } from './lint-report/lint-report.ts';
import { parseDuration } from './parse-duration.ts';
import { readSmallFile, statusOf } from './private-file.ts';

/** The file in the current folder in which a project says how its captures are checked and redacted. */
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

const LINT_KEYS = ['off', 'failOn', 'expectTools', 'forbidTools', 'maxDuration'];

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads how captures are checked: the `lint` member of `mcp-dbg.json` in the current folder, or of the file that is
 * named, which then must be there. Throws {@link CliError} `NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`, `BAD_CONFIG`.
 */
export function lintConfig(io: Io, named: string | undefined): LintConfig {
  const { path, config } = readConfig(io, named);
  return readLint(memberOf(config, 'lint', LINT_KEYS, path), path);
}

/** Reads the regular expressions of what else is a secret: `redact.patterns`, in the same way. */
export function redactConfig(io: Io, named: string | undefined): readonly string[] {
  const { path, config } = readConfig(io, named);
  return textsAt(memberOf(config, 'redact', ['patterns'], path)['patterns'], path, 'redact.patterns');
}

interface ConfigFile {
  readonly path: string;
  readonly config: Members;
}

function readConfig(io: Io, named: string | undefined): ConfigFile {
  const path = named === undefined ? join(io.cwd, FILE_NAME) : resolve(io.cwd, named);
  if (named === undefined && statusOf(path) === undefined) return { path, config: {} };
  let text: string;
  try {
    text = readSmallFile(path, MAX_BYTES);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.code, `Cannot read the config file "${path}": ${error.message}`, { cause: error });
  }
  const config = objectAt(parsed(text, path), path, '');
  checkKeys(config, ['lint', 'redact'], '', path);
  return { path, config };
}

function memberOf(config: Members, name: string, keys: readonly string[], path: string): Members {
  const member = config[name] === undefined ? {} : objectAt(config[name], path, name);
  checkKeys(member, keys, `${name}.`, path);
  return member;
}

function checkKeys(members: Members, known: readonly string[], at: string, path: string): void {
  const unknown = Object.keys(members).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = nearestWord(unknown, known);
  throw bad(path, `${at}${unknown} is not known${meant === undefined ? '' : `; did you mean ${at}${meant}?`}`);
}

function readLint(lint: Members, path: string): LintConfig {
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

function objectAt(value: unknown, path: string, key: string): Members {
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
