import { orFailed } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { headJson } from '../render/server-head.ts';
import { formatMs } from '../render/sizes.ts';
import { safeJson } from '../render/visible.ts';

/** The options of `ping`. */
export interface PingOptions extends OneServerOptions {
  readonly count?: number;
}

/** Asks the server for a sign of life, one after the other, and says how long each answer took. Gives the exit code. */
export async function ping(
  io: Io,
  target: readonly string[],
  command: ServerCommand,
  options: PingOptions,
): Promise<number> {
  const { count = 1, json = false } = options;
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { connection } = server.live;
    const isLegacy = connection.era === 'legacy';
    // The modern era has no ping; this every server has to answer.
    const method = isLegacy ? 'ping' : 'server/discover';
    if (!isLegacy && !json) server.say('the modern era has no ping, so the server is asked server/discover');
    const took: number[] = [];
    for (let n = 1; n <= count; n++) {
      const { ms } = await orFailed(connection.raw(method, undefined, { signal: server.signal }));
      took.push(ms);
      if (!json) server.print(`${method} ${n}: ${formatMs(ms)}\n`);
    }
    if (json) {
      const all = took.map((ms) => ms.toFixed(3)).join(',');
      server.print(`${safeJson(`${headJson(connection)},"method":${JSON.stringify(method)},"ms":[${all}]}`)}\n`);
    } else if (count > 1) server.print(`${summary(took)}\n`);
    return EXIT.good;
  });
}

function summary(took: readonly number[]): string {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (part: number): string => formatMs(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return `${took.length} answers: fastest ${at(0)}, median ${at(0.5)}, slowest ${at(1)}`;
}
