import type { Finding } from '@mcp-dbg/protocol/lint';

import { checkFailedStart } from './checks/failed-start.ts';
import { checkEnd, checkLegacy, checkProbe, checkSlowStart } from './checks/running-server.ts';
import { checkTools } from './checks/tools-for-models.ts';
import { checkUnreachable } from './checks/unreachable.ts';
import type { Host } from './hosts.ts';
import type { StartFacts } from './start-facts.ts';

/** A finding, and the hosts that meet it. */
export interface HostFinding extends Finding {
  readonly hosts: readonly Host[];
}

/** Rules of the protocol whose breach is the very failure of the start, which is explained better. */
const EXPLAINED = new Set(['process/lost-request', 'process/exit-status', 'process/unanswered']);

/**
 * What is wrong with a server, by all its starts and by the one for clients of the older protocol. The same finding of
 * several starts is one, with all their hosts.
 */
export function diagnose(
  server: string,
  starts: readonly StartFacts[],
  legacy: StartFacts | undefined,
): readonly HostFinding[] {
  const everyone = starts.flatMap(({ launch }) => launch.hosts);
  const found = starts.flatMap((facts) =>
    checkStart(facts, server).map((finding) => ({ ...finding, hosts: facts.launch.hosts })),
  );
  // What it makes of the probe is seen once: it would cost each start the same wait.
  const shared = [...starts.flatMap(checkProbe), ...(legacy === undefined ? [] : checkLegacy(legacy))];
  return folded([...found, ...shared.map((finding) => ({ ...finding, hosts: everyone }))], everyone);
}

function checkStart(facts: StartFacts, server: string): readonly Finding[] {
  const hasFailed = facts.outcome.kind === 'failed';
  const lint = facts.lint.filter(({ rule, from }) => from !== 'client' && !(hasFailed && EXPLAINED.has(rule)));
  return [
    ...(facts.isRemote ? checkUnreachable(facts) : checkFailedStart(facts)),
    ...checkSlowStart(facts),
    ...lint,
    ...checkTools(facts, server),
    ...checkEnd(facts),
  ];
}

function folded(findings: readonly HostFinding[], everyone: readonly Host[]): readonly HostFinding[] {
  const groups = new Map<string, HostFinding>();
  for (const finding of findings) {
    // Process ids and times differ from start to start.
    const quote = finding.quote?.replaceAll(/\d+/g, '0');
    const key = JSON.stringify([finding.rule, finding.level, finding.message, quote]);
    const same = groups.get(key);
    const hosts = new Set([...(same?.hosts ?? []), ...finding.hosts]);
    groups.set(key, { ...(same ?? finding), hosts: everyone.filter((host) => hosts.has(host)) });
  }
  return [...groups.values()];
}
