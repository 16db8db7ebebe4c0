import type { MakeStage } from '@mcp-dbg/relay';
import { faultStage } from '@mcp-dbg/relay/faults';

import type { FaultRequest } from './fault-request.ts';
import { readFaults } from './read-faults.ts';

/** The stage that puts faults into the traffic of a proxy, and what it says of itself at the start. */
export interface ProxyFaults {
  readonly stage: MakeStage;
  readonly sentence: string;
}

/** Reads the faults that are asked of a proxy; `server` is the name that filters know its server by. Throws CliError. */
export function faultsForProxy(request: FaultRequest, server: string, cwd: string): ProxyFaults {
  const { rules, seed } = readFaults(request, cwd);
  const count = rules.length === 1 ? 'one rule' : `${rules.length} rules`;
  return {
    stage: faultStage(rules, { seed, server }),
    sentence: `faults are made on purpose, by ${count}, seed ${seed}`,
  };
}
