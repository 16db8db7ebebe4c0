import { readProxyArgv } from '../commands/proxy-options.ts';
import { commandText } from '../render/command-text.ts';
import type { Outcome } from './outcome.ts';

/** Where the captures of wrapped entries will be, and what shows them: a line for each place. */
export function captureLines(wrapped: readonly Outcome[], path: (each: string) => string): readonly string[] {
  const places = new Set(wrapped.flatMap(({ captures }) => captures?.place ?? []));
  const lines = Array.from(places, (place) => {
    const there = wrapped.filter(({ captures }) => captures?.place === place);
    return `Captures go to ${path(place)}; to read them: ${commandsFor(there, 'mcp-dbg log')}`;
  });
  const isUnrecorded = wrapped.some(({ captures }) => captures === undefined);
  return isUnrecorded ? [...lines, 'What has --no-capture is not recorded.'] : lines;
}

/** How a person sees a reload, which their client must not notice; nothing where no server is watched. */
export function reloadLines(wrapped: readonly Outcome[], host: string): readonly string[] {
  const watched = wrapped.flatMap((outcome) => {
    const request = readProxyArgv([...(outcome.options ?? []), '--', ...outcome.argv]);
    const isWatched = request.kind === 'run' && (request.relay?.watch.length ?? 0) > 0;
    return isWatched ? [{ outcome, announce: request.announce }] : [];
  });
  if (watched.length === 0) return [];
  const recorded = watched.flatMap(({ outcome }) => (outcome.captures === undefined ? [] : [outcome]));
  const shown = recorded.length > 0 ? [`${commandsFor(recorded, 'mcp-dbg log -f')} shows each`] : [];
  const said = watched.some(({ announce }) => announce)
    ? `with --announce the proxy says it on stderr, which ${host} keeps in a log`
    : '--announce has the proxy say it on stderr, too';
  return [`A reload is silent for the client: ${[...shown, said].join('; ')}.`];
}

function commandsFor(outcomes: readonly Outcome[], command: string): string {
  const commands = outcomes.flatMap(({ captures }) =>
    captures === undefined ? [] : [`${command} ${captures.label ?? commandText([captures.place])}`],
  );
  return [...new Set(commands)].join(', ');
}
