import type { StartServer } from '@mcp-dbg/proxy';

import type { MakeStage } from '../stage.ts';
import type { FaultRule } from './fault-rule.ts';
import { faultStage } from './fault-stage.ts';
import type { FaultTimers } from './fault-timers.ts';
import { FaultedProcess } from './faulted-process.ts';

/**
 * Starts servers such that faults stand between them and whoever starts them: what that side reads is what the rules leave
 * of what the server wrote, and the other way round. Observers are shown what either side gets, and every firing as an event
 * `fault`. The rules go on counting when a server of the same name is started again.
 */
export function faultedStart(
  rules: readonly FaultRule[],
  options: { readonly seed: number; readonly timers?: FaultTimers },
): StartServer {
  const { seed, timers = SYSTEM_TIMERS } = options;
  const stages = new Map<string, MakeStage>();
  const stageFor = (server: string): MakeStage => {
    const known = stages.get(server);
    if (known !== undefined) return known;
    const made = faultStage(rules, { seed, timers, server, openedAt: new Date().toISOString() });
    stages.set(server, made);
    return made;
  };
  return async (command, observers, server) => await FaultedProcess.start(command, observers, stageFor(server));
}

/** The time of this machine. */
export const SYSTEM_TIMERS: FaultTimers = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
