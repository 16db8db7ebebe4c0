import { randomInt } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { nearestWord } from '@mcp-dbg/capture';
import { CHAOS_PRESETS, FaultError, type FaultRule, MAX_SEED, parseFault, parseFaultFile } from '@mcp-dbg/relay/faults';

import { CliError } from '../exit-code.ts';
import type { FaultRequest } from './fault-request.ts';

/** A file of rules that is larger is something else. */
const MAX_FILE = 1024 * 1024;

/** Rules that can be read, and the seed of all that is left to chance. */
export interface Faults {
  readonly rules: readonly FaultRule[];
  readonly seed: number;
}

/**
 * Reads what is asked for: the rules of the command line, then those of the files, then those of the presets, each in order.
 * The seed is a new one where none is given. Throws CliError, `BAD_FAULT` with the place in its detail.
 */
export function readFaults({ fault = [], faultFile = [], chaos = [], seed }: FaultRequest, cwd: string): Faults {
  const rules = [
    ...fault.map((text) => explained(() => parseFault(text))),
    ...faultFile.flatMap((file) => explained(() => parseFaultFile(contentOf(file, cwd)))),
    ...chaos.flatMap((name) => presetNamed(name).map((text) => parseFault(text))),
  ];
  return { rules, seed: seed === undefined ? randomInt(MAX_SEED + 1) : readSeed(seed) };
}

function explained<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const [, ...place] = error.explain().split('\n');
    throw new CliError('BAD_FAULT', error.message, { cause: error, detail: place.join('\n') });
  }
}

function contentOf(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  const shown = JSON.stringify(file);
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new CliError('NOT_FOUND', `There is no file ${shown} with fault rules`);
  if (!status.isFile() || status.size > MAX_FILE)
    throw new CliError('NOT_A_FILE', `${shown} is no file with fault rules: those are text of 1 MiB at most`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CliError('UNAVAILABLE', `The file ${shown} cannot be read (${why})`, { cause: error });
  }
}

function presetNamed(name: string): readonly string[] {
  const preset = CHAOS_PRESETS.find((each) => each.name === name);
  if (preset !== undefined) return preset.rules;
  const names = CHAOS_PRESETS.map((each) => each.name);
  const near = nearestWord(name, names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new CliError('BAD_FAULT', `There is no preset ${JSON.stringify(name)} for --chaos (${hint})`);
}

function readSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seed <= MAX_SEED) return seed;
  throw new CliError('BAD_FAULT', `--seed takes a whole number from 0 to ${MAX_SEED}, not ${JSON.stringify(text)}`);
}
