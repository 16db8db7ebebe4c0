import type { ConnectionObserver, EraChoice, ServerConfig, ServerEvent, SessionOptions } from '@mcp-dbg/core';

import type { ServerOptions } from '../server-options.ts';
import type { Host, Surroundings } from './hosts.ts';
import { type Launch, launchesOf, titlesOf } from './launch.ts';
import type { StartFacts } from './start-facts.ts';
import { startServer } from './start-server.ts';

/** Seconds for an answer once a start has shown that the server does not answer. */
const SHORT_TIMEOUT = 10;

/** What a doctor needs for its starts. */
export interface ExamineOptions {
  readonly server: ServerConfig;
  readonly hosts: readonly Host[];
  readonly options: ServerOptions;
  readonly world: Surroundings;
  readonly signal: AbortSignal;
  /** How a server behind a URL is signed in to. */
  readonly access: SessionOptions['access'];
  /** Records one connection; called once for each. */
  readonly observe: (server: ServerConfig) => readonly ConnectionObserver[];
  readonly onEvent: (event: ServerEvent) => void;
  /** Told what is about to be done. */
  readonly onStep: (what: string) => void;
}

/** What the starts of a server came to; `legacy` is the one for clients of the older protocol, where there is need of it. */
export interface Examined {
  readonly starts: readonly StartFacts[];
  readonly legacy: StartFacts | undefined;
}

/**
 * Starts a server in every way in which the hosts do, one start after the other: two copies at once may want the same
 * port or file. What the first start showed of the era is not asked again of the others.
 */
export async function examine(options: ExamineOptions): Promise<Examined> {
  const { server, hosts, world } = options;
  const asked = options.options.era ?? 'auto';
  const starts: StartFacts[] = [];
  let frames = 0;
  const start = async (launch: Launch, era: EraChoice, who: string): Promise<StartFacts> => {
    options.onStep(server.url === undefined ? `${server.name} to start as ${who} does it` : `${server.name} to answer`);
    const patience = starts.some(isSilent) ? { timeout: SHORT_TIMEOUT } : {};
    const started = await startServer({ ...options, launch, era, options: { ...options.options, ...patience } });
    // All frames of a run have one numbering, as in its capture.
    const offset = frames;
    frames += started.frames;
    const lint = started.facts.lint.map((each) => ({ ...each, n: each.n === undefined ? undefined : each.n + offset }));
    return { ...started.facts, lint };
  };
  for (const launch of launchesOf(server, hosts, world)) {
    const era = asked === 'auto' ? (starts.map(eraOf).find((known) => known !== undefined) ?? asked) : asked;
    starts.push(await start(launch, era, titlesOf(launch.hosts)));
  }
  const modern = starts.find(({ outcome }) => outcome.kind === 'ready' && outcome.era === 'modern');
  const isLegacyAsked = asked === 'auto' && modern !== undefined;
  return { starts, legacy: isLegacyAsked ? await start(modern.launch, 'legacy', 'an older client') : undefined };
}

function eraOf({ outcome, processes }: StartFacts): EraChoice | undefined {
  if (outcome.kind === 'ready') return outcome.era === 'modern' ? 'modern' : 'legacy';
  // It was silent to the probe and to the handshake: it need not be asked in both ways again.
  return processes.length > 0 && outcome.code === 'TIMEOUT' ? 'legacy' : undefined;
}

function isSilent({ outcome }: StartFacts): boolean {
  return outcome.kind === 'failed' && outcome.code === 'TIMEOUT';
}
