import { type LoadedConfig, loadConfigs, loadNamedConfig } from '../config/load-configs.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { counted } from '../render/counted.ts';
import { serversJson } from '../render/servers-json.ts';
import { serversText } from '../render/servers-text.ts';
import { themeFor } from '../render/theme.ts';

/** The options of `servers`. */
export interface ServersOptions {
  readonly json?: boolean;
  readonly config?: string;
}

/** Lists the servers of all config files that are there, or of one; nothing is started. Gives the exit code. */
export async function servers(io: Io, { json = false, config }: ServersOptions): Promise<number> {
  const configs = config === undefined ? loadConfigs(io) : [loadNamedConfig(config, io)];
  if (json) {
    io.stdout.write(`${serversJson(configs)}\n`);
    return EXIT.good;
  }
  io.stdout.write(serversText(configs, io.home, themeFor(io.terminal.stdout, io.env)));
  io.stderr.write(`${summary(configs)}\n`);
  return EXIT.good;
}

function summary(configs: readonly LoadedConfig[]): string {
  if (configs.length === 0) return 'no config file of a host is here; mcp-dbg servers --config FILE reads any other';
  const entries = configs.flatMap((config) => (config.kind === 'content' ? config.entries : []));
  const counts = [counted(entries.length, 'server'), `in ${counted(configs.length, 'file')}`];
  const broken = configs.filter(({ kind }) => kind === 'fault').length;
  return [counts.join(' '), ...(broken > 0 ? [`${counted(broken, 'file')} cannot be read`] : [])].join('; ');
}
