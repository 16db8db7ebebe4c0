import { homedir } from 'node:os';

import { FilterError, explainFilterError } from '@mcp-dbg/capture';
import type { MakeStage } from '@mcp-dbg/relay';
import { HoldDesk, liveFilter } from '@mcp-dbg/relay/hold';

import { CliError } from '../exit-code.ts';
import { type HoldSocket, type ProxyFacts, openHoldSocket } from './hold-socket.ts';
import { liveFolder } from './live-folder.ts';

/** What a proxy holds, while it runs. */
export interface ProxyHold {
  readonly stage: MakeStage;
  /** Why nothing is held; undefined where all is well. */
  readonly trouble: string | undefined;
  /** Resolves when nobody can attach any more. */
  close(): Promise<void>;
}

/**
 * Holds what the filters let through until somebody attaches and decides. Where nobody could attach, nothing is held: a
 * client must not wait for who cannot come. Throws CliError `BAD_FILTER`.
 */
export async function holdForProxy(facts: ProxyFacts): Promise<ProxyHold> {
  const filters = facts.filters.map(holdFilter);
  const desk = new HoldDesk({ filters, holdMs: facts.holdMs });
  let socket: HoldSocket | undefined;
  let trouble: string | undefined;
  try {
    socket = await openHoldSocket(desk, facts, liveFolder(homedir(), process.platform));
  } catch (error) {
    trouble = `nobody could attach: ${error instanceof Error ? error.message : String(error)}`;
    desk.giveUp(trouble);
  }
  return { stage: desk.stage, trouble, close: async () => await socket?.close() };
}

/** Reads a filter of `--hold`. Throws CliError `BAD_FILTER`. */
export function holdFilter(text: string): ReturnType<typeof liveFilter> {
  try {
    return liveFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const [, ...place] = explainFilterError(text, error).split('\n');
    throw new CliError('BAD_FILTER', `--hold: ${error.message}`, { cause: error, detail: place.join('\n') });
  }
}
