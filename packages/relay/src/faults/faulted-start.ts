import type { StartServer } from '@mcp-dbg/proxy';

import type { MakeStage } from '../stage.ts';
import type { FaultRule } from './fault-rule.ts';
import { faultStage } from './fault-stage.ts';
import { FaultedProcess } from './faulted-process.ts';

/**
 * Starts servers such that faults stand between them and whoever starts them: what that side reads is what the rules leave
 * of what the server wrote, and the other way round. Observers are shown what either side gets, and every firing as an event
 * `fault`. The rules go on counting when a server of the same name is started again.
 */
export function faultedStart(rules: readonly FaultRule[], options: { readonly seed: number }): StartServer {
  const stages = new Map<string, MakeStage>();
  const stageFor = (server: string): MakeStage => {
    const known = stages.get(server);
    if (known !== undefined) return known;
    const made = faultStage(rules, { ...options, server });
    stages.set(server, made);
    return made;
  };
  return async (command, observers, server) => await FaultedProcess.start(command, observers, stageFor(server));
}
