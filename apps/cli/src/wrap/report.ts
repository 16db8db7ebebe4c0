import { maskArgv } from '@mcp-dbg/capture/redact';

import { HOSTS } from '../config/hosts.ts';
import type { Io } from '../io.ts';
import { commandText } from '../render/command-text.ts';
import { tilded } from '../render/tilded.ts';
import { safeJson, visible } from '../render/visible.ts';
import { oneLine } from '../chat/form/one-line.ts';
import type { CarriedOut } from './carry-out.ts';
import type { Client } from './clients.ts';
import type { Place } from './places.ts';
import type { capturesOf } from './proxy-words.ts';
import type { WrapOptions } from './wrap-options.ts';

/** What became of an entry. */
export interface Outcome {
  readonly place: Place;
  readonly change: 'wrapped' | 'unwrapped' | 'already-wrapped' | 'not-wrapped';
  /** What it starts afterwards. */
  readonly argv: readonly string[];
  /** Where it is recorded afterwards; undefined where it is not. */
  readonly captures: ReturnType<typeof capturesOf>;
}

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
    const document = { dryRun, servers, diff: dryRun ? diff : null, notes: all };
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
  for (const { backup, dropped } of done) {
    if (backup !== undefined) say(`as it was before: ${path(backup)}`);
    for (const each of dropped) say(`deleted ${path(each)}: the file says the same again`);
  }
  for (const note of all) say(note);
  if (done.length === 0) return;
  say(`${dryRun ? 'Then restart' : 'Restart'} ${HOSTS[client].name}: it reads the file when it starts.`);
  for (const line of captureLines(outcomes, path)) say(line);
}

function outcomeText({ place: { entry }, change, argv }: Outcome, dryRun: boolean, file: string): string {
  const name = JSON.stringify(entry.name);
  switch (change) {
    case 'wrapped':
      return `${dryRun ? 'would wrap' : 'wrapped'} ${name} in ${file}`;
    case 'unwrapped':
      return `${dryRun ? 'would unwrap' : 'unwrapped'} ${name} in ${file}: ${oneLine(commandText(maskArgv(argv)), MAX_COMMAND)}`;
    case 'already-wrapped':
      return `${name} in ${file} is already wrapped: nothing to do`;
    case 'not-wrapped':
      return `${name} in ${file} is not wrapped: nothing to do`;
  }
}

/** Where the captures will be, and what shows them: a line for each place. */
function captureLines(outcomes: readonly Outcome[], path: (each: string) => string): readonly string[] {
  const captures = outcomes.flatMap(({ change, captures: each }) => (change === 'wrapped' ? [each] : []));
  const places = new Set(captures.flatMap((each) => each?.place ?? []));
  const lines = Array.from(places, (place) => {
    const commands = captures
      .filter((each) => each?.place === place)
      .map((each) => `mcp-dbg log ${each?.label ?? commandText([place])}`);
    return `Captures go to ${path(place)}; to read them: ${[...new Set(commands)].join(', ')}`;
  });
  return captures.includes(undefined) ? [...lines, 'What has --no-capture is not recorded.'] : lines;
}

function outcomeJson(client: Client, { place, change, argv, captures }: Outcome, done: CarriedOut['done']): object {
  const isChanged = change === 'wrapped' || change === 'unwrapped';
  const own = isChanged ? done.find((each) => each.change.file.real === place.file.real) : undefined;
  return {
    name: place.entry.name,
    client,
    file: place.file.path,
    scope: place.scope,
    change,
    argv: maskArgv(argv),
    captures: captures === undefined ? null : { place: captures.place, label: captures.label ?? null },
    backup: own?.backup ?? null,
    ...(change === 'unwrapped' && { exact: own?.change.isKnown === true }),
  };
}
