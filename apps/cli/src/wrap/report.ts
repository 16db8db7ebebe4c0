import { isDeepStrictEqual } from 'node:util';

import { safeLabel } from '@mcp-dbg/capture/folder';
import { maskArgv } from '@mcp-dbg/capture/redact';

import type { ConfigEntry } from '../config/config-entry.ts';
import { HOSTS } from '../config/hosts.ts';
import type { Io } from '../io.ts';
import { commandText } from '../render/command-text.ts';
import { tilded } from '../render/tilded.ts';
import { safeJson, visible } from '../render/visible.ts';
import { oneLine } from '../chat/form/one-line.ts';
import type { CarriedOut, Done } from './carry-out.ts';
import type { Client } from './clients.ts';
import { type Outcome, isWrap } from './outcome.ts';
import { captureLines, reloadLines } from './where-to-look.ts';
import type { WrapOptions } from './wrap-options.ts';

/** Characters of a command line at most. */
const MAX_COMMAND = 200;

/** Tells what became of the entries: for a person, or as one JSON document. */
export function report(
  io: Io,
  client: Client,
  outcomes: readonly Outcome[],
  { done, diff }: CarriedOut,
  notes: readonly string[],
  options: WrapOptions,
): void {
  const dryRun = options.dryRun === true;
  const all = [...notes, ...done.flatMap((each) => each.notes)];
  if (options.json === true) {
    const servers = outcomes.map((outcome) => outcomeJson(client, outcome, done));
    const copies = done.flatMap((each) => each.copies);
    const document = { dryRun, servers, copies, diff: dryRun ? diff : null, notes: all };
    io.stdout.write(`${safeJson(JSON.stringify(document))}\n`);
    return;
  }
  if (dryRun) io.stdout.write(diff);
  const say = (line: string): void => void io.stderr.write(`${visible(line)}\n`);
  const path = (each: string): string => tilded(each, io.home);
  for (const outcome of outcomes) {
    const line = `${visible(outcomeText(outcome, dryRun, path(outcome.place.file.path)))}\n`;
    if (dryRun) io.stderr.write(line);
    else io.stdout.write(line);
  }
  for (const each of done) for (const line of copyLines(each, path)) say(line);
  for (const note of all) say(note);
  if (done.length === 0) return;
  say(`${dryRun ? 'Then restart' : 'Restart'} ${HOSTS[client].name}: it reads the file when it starts.`);
  const changed = outcomes.filter(isWrap);
  for (const line of [...captureLines(changed, path), ...reloadLines(changed, HOSTS[client].name)]) say(line);
}

/** What was copied and deleted, and which copies stay: they hold what the file holds. */
function copyLines({ change, backup, dropped, copies }: Done, path: (each: string) => string): readonly string[] {
  const file = path(change.file.path);
  const others = copies.filter((copy) => copy !== backup).map(path);
  return [
    ...(backup === undefined ? [] : [`as it was before: ${path(backup)}`]),
    ...(dropped === 0 ? [] : [`deleted ${counted(dropped)} of ${file} that nothing needs any more`]),
    ...(others.length === 0 ? [] : [`${counted(others.length)} of ${file} from before: ${others.join(', ')}`]),
  ];
}

function counted(copies: number): string {
  return copies === 1 ? '1 copy' : `${copies} copies`;
}

function outcomeText(outcome: Outcome, dryRun: boolean, file: string): string {
  const { entry } = outcome.place;
  const { change, argv } = outcome;
  const [before, after] = [optionsText(entry, outcome.optionsBefore), optionsText(entry, outcome.options)];
  const name = JSON.stringify(entry.name);
  switch (change) {
    case 'wrapped':
      return `${dryRun ? 'would wrap' : 'wrapped'} ${name} in ${file}`;
    case 'rewrapped':
      return before === after
        ? `${dryRun ? 'would wrap' : 'wrapped'} ${name} in ${file} again, for this copy of mcp-dbg starts it now`
        : `${dryRun ? 'would change' : 'changed'} ${name} in ${file}: from ${before || 'no options'} to ${after || 'no options'}`;
    case 'unwrapped':
      return `${dryRun ? 'would unwrap' : 'unwrapped'} ${name} in ${file}: ${oneLine(commandText(maskArgv(argv)), MAX_COMMAND)}`;
    case 'already-wrapped':
      return `${name} in ${file} is already wrapped${after === '' ? '' : ` (with ${after})`}: nothing to do`;
    case 'not-wrapped':
      return `${name} in ${file} is not wrapped: nothing to do`;
  }
}

/** The options as a person gives them: without the label that they get by themselves. */
function optionsText({ name }: ConfigEntry, options: readonly string[] = []): string {
  const label = isDeepStrictEqual(options.slice(-2), ['--label', safeLabel(name)]);
  return oneLine(commandText(maskArgv(label ? options.slice(0, -2) : options)), MAX_COMMAND);
}

function outcomeJson(client: Client, outcome: Outcome, done: CarriedOut['done']): object {
  const { place, change, argv, captures, options, optionsBefore } = outcome;
  const isChanged = isWrap(outcome) || change === 'unwrapped';
  const own = isChanged ? done.find((each) => each.change.file.real === place.file.real) : undefined;
  return {
    name: place.entry.name,
    client,
    file: place.file.path,
    scope: place.scope,
    change,
    argv: maskArgv(argv),
    options: options === undefined ? null : maskArgv(options),
    optionsBefore: optionsBefore === undefined ? null : maskArgv(optionsBefore),
    captures: captures === undefined ? null : { place: captures.place, label: captures.label ?? null },
    backup: own?.backup ?? null,
    ...(change === 'unwrapped' && { exact: own?.change.isKnown === true }),
  };
}
