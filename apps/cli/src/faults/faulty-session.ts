import type { ConnectionObserver, ServerConfig, SessionOptions } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { type FaultRequest, asksForFaults } from './fault-request.ts';

/** What a session is opened with so that faults stand between it and its servers. */
export type FaultySession = Required<Pick<SessionOptions, 'observe'>> & Pick<SessionOptions, 'start'>;

/** How the rest of a session is told of faults. */
export interface FaultsTold {
  readonly observe: (config: ServerConfig) => readonly ConnectionObserver[];
  /** Told which faults are on, and of each firing where `tellsAll`. */
  readonly tell: (server: string, sentence: string) => void;
  readonly tellsAll: boolean;
}

/**
 * Reads the faults that the command line asks for, and gives what makes a session of them. Where it asks for none,
 * nothing is loaded. Throws CliError.
 */
export async function faultsFor(
  request: FaultRequest,
  servers: readonly ServerConfig[],
  cwd: string,
): Promise<(told: FaultsTold) => FaultySession> {
  if (!asksForFaults(request)) {
    if (request.seed === undefined) return ({ observe }) => ({ observe });
    throw new CliError('USAGE', '--seed is for --fault, --fault-file and --chaos');
  }
  const distant = servers.find(({ url }) => url !== undefined);
  if (distant !== undefined) {
    const name = JSON.stringify(distant.name);
    throw new CliError(
      'USAGE',
      `Faults are put between us and a server's process, and ${name} is behind a URL; leave --fault and --chaos out`,
    );
  }
  const { readFaults } = await import('./read-faults.ts');
  const { faultedStart } = await import('@mcp-dbg/relay/faults');
  const { rules, seed } = readFaults(request, cwd);
  return ({ observe, tell, tellsAll }) => ({
    start: faultedStart(rules, { seed }),
    observe: (config) => [...observe(config), teller(config.name, tell, tellsAll)],
  });
}

function teller(server: string, tell: FaultsTold['tell'], tellsAll: boolean): ConnectionObserver {
  return {
    event: (event: { readonly kind: string }) => {
      const message = sentenceOf(event, tellsAll);
      if (message !== undefined) tell(server, message);
    },
  };
}

function sentenceOf(event: { readonly kind: string }, tellsAll: boolean): string | undefined {
  if (event.kind === 'note' && 'text' in event) return String(event.text);
  if (event.kind !== 'fault' || !tellsAll || !('action' in event) || !('rule' in event)) return undefined;
  return `Fault: ${String(event.action)} (rule ${JSON.stringify(event.rule)})`;
}
