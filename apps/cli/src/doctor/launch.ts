import { type ServerConfig, shownUrl } from '@mcp-dbg/core';

import { type Host, type Surroundings, environmentOf, folderOf } from './hosts.ts';

/** One way to start a server, shared by all hosts that start it so. */
export interface Launch {
  readonly hosts: readonly Host[];
  readonly argv: readonly [string, ...string[]];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * The different ways in which hosts start a server, in the order of the hosts. What its configuration names wins. A server
 * behind a URL is the same for all of them.
 */
export function launchesOf(server: ServerConfig, hosts: readonly Host[], world: Surroundings): readonly Launch[] {
  if (server.url !== undefined) return [{ hosts, argv: [shownUrl(server.url)], env: {}, cwd: world.cwd }];
  const launches = new Map<string, Launch>();
  for (const host of hosts) {
    const env = { ...environmentOf(host, world), ...server.env };
    const cwd = server.cwd ?? folderOf(host, world);
    const key = JSON.stringify([cwd, Object.entries(env).toSorted(([one], [other]) => (one < other ? -1 : 1))]);
    const same = launches.get(key);
    launches.set(key, { argv: server.argv, env, cwd, hosts: [...(same?.hosts ?? []), host] });
  }
  return [...launches.values()];
}

/** The titles of hosts, as a list in a sentence. */
export function titlesOf(hosts: readonly Host[]): string {
  return hosts.map(({ title }) => title).join(', ');
}
