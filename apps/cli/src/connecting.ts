import { type Command, InvalidArgumentError, Option } from 'commander';

import { LOG_LEVELS } from '@mcp-dbg/protocol';

import { collect } from './command-parts.ts';

/** The server's command that stood after `--`. */
export type ServerCommand = readonly [string, ...string[]] | undefined;

/** What a command takes for a server, in words for its help. */
export const SERVERS =
  'a script (.py, .js, .mjs, .cjs, .ts), a program, a name from a config file (a path that exists wins), a command, or a URL; or else a whole command after --';

/** Adds the options of every command that connects to servers. */
export function connecting(command: Command, recordedInto = 'nothing'): Command {
  return command
    .option('-v, --verbose', 'show every frame as raw JSON-RPC')
    .option('--config <file>', 'take servers from this config file of an MCP host (default: look in all of them)')
    .option('--server <name>', 'the server of this name in a config file (repeatable)', collect)
    .option('--json', 'print JSON for programs')
    .addOption(
      new Option('--era <era>', 'the protocol era (default: auto, found by a probe)').choices([
        'auto',
        'legacy',
        'modern',
      ]),
    )
    .option('-e, --env <K=V>', 'give the server a variable (repeatable; SERVER:K=V with several)', collect)
    .option('--header <header>', 'send "Name: value" to a server behind a URL (repeatable)', collect)
    .option('--cwd <folder>', 'the folder in which the server runs (default: this one, or what its config file says)')
    .option('--root <folder>', 'a folder that the server may ask for (repeatable)', collect)
    .addOption(new Option('--log-level <level>', 'have the server log from this level on').choices(LOG_LEVELS))
    .option('--manual-input', 'answer what the server asks for by hand, as JSON')
    .option('--capture <file>', `record into this file (default: ${recordedInto})`)
    .option('--timeout <seconds>', 'how long an answer may take; progress starts it anew (default: 60)', seconds)
    .option(
      '--probe-timeout <seconds>',
      'how long a server may be silent before it counts as legacy (default: 10)',
      seconds,
    );
}

/** Of an option: a number of seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('It takes a number of seconds above 0.');
  return value;
}
