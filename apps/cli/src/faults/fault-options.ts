import type { Command } from 'commander';

import { collect } from '../command-parts.ts';

/** Adds the options that put faults between us and the servers that are started. */
export function withFaults(command: Command): Command {
  return command
    .option(
      '--fault <rule>',
      "put faults into the traffic: 'FILTER :: ACTION…' (repeatable; see docs/faults.md)",
      collect,
    )
    .option('--fault-file <file>', 'the same, a rule a line (repeatable)', collect)
    .option('--chaos <preset>', 'the same, ready-made: flaky, slow, crashy or rude (repeatable)', collect)
    .option('--seed <n>', 'have the same faults again (default: another one each time, which is told)');
}
