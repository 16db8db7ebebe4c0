import type { Command } from 'commander';

import { fillText } from '../fill-text.ts';

/** One option of `proxy`, as node:util's parseArgs reads it and as help shows it. */
interface ProxyOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for the value in help; absent where there is none. */
  readonly value?: string;
  readonly text: string;
}

/** One that is given once at most. */
type Single = ProxyOption & { readonly multiple?: false };

/** The options of `proxy`, the one place that says which there are. */
export const PROXY_OPTIONS: {
  readonly [
    name in 'log' | 'capture' | 'label' | 'max-capture' | 'kill-after' | 'build' | 'hold-for' | 'seed'
  ]: Single & {
    readonly type: 'string';
  };
} & {
  readonly [name in 'watch' | 'hold' | 'fault' | 'fault-file' | 'chaos']: ProxyOption & {
    readonly type: 'string';
    readonly multiple: true;
  };
} & {
  readonly [name in 'no-capture' | 'announce' | 'help' | 'restart' | 'tools']: Single & {
    readonly type: 'boolean';
  };
} = {
  log: { type: 'string', value: 'FILE', text: 'record into FILE; if it exists, our pid is added to its name' },
  capture: { type: 'string', value: 'FILE', text: 'the same, as the other commands call it' },
  'no-capture': { type: 'boolean', text: 'record nothing' },
  label: { type: 'string', value: 'L', text: "name of the capture; else taken from the server's command" },
  'max-capture': { type: 'string', value: 'SIZE', text: 'stop recording at this size, such as 64MB; else 512MB' },
  'kill-after': {
    type: 'string',
    value: 'MS',
    text: 'milliseconds from SIGTERM, SIGINT or SIGHUP to SIGKILL of all that is left; else what MCP clients grant us',
  },
  announce: { type: 'boolean', text: 'say on stderr what happens and which rules are broken, as it happens' },
  restart: { type: 'boolean', text: "keep the client's connection when the server ends, and start the server again" },
  watch: {
    type: 'string',
    multiple: true,
    value: 'GLOB',
    text: 'like --restart, and start the server anew when a file that matches changes (repeatable)',
  },
  build: { type: 'string', value: 'CMD', text: 'with --watch: run this first; where it fails, the old server stays' },
  tools: { type: 'boolean', text: 'like --restart, and give the client tools to restart and to diagnose its server' },
  hold: {
    type: 'string',
    multiple: true,
    value: 'FILTER',
    text: 'hold frames that the filter lets through until "mcp-dbg attach" says what becomes of them (repeatable)',
  },
  'hold-for': { type: 'string', value: 'SECONDS', text: 'with --hold: let them go on after this time; else 30' },
  fault: {
    type: 'string',
    multiple: true,
    value: 'RULE',
    text: "put faults into the traffic: 'FILTER :: ACTION[,ACTION]' (repeatable; see docs/faults.md)",
  },
  'fault-file': { type: 'string', multiple: true, value: 'FILE', text: 'like --fault, a rule a line (repeatable)' },
  chaos: {
    type: 'string',
    multiple: true,
    value: 'PRESET',
    text: 'like --fault, ready-made: flaky, slow, crashy or rude (repeatable)',
  },
  seed: {
    type: 'string',
    value: 'N',
    text: 'with --fault: have the same faults again; else others each time, with a seed on record',
  },
  help: { type: 'boolean', short: 'h', text: 'show this' },
};

/** The help text of `proxy`. */
export function proxyHelp(captures: string): string {
  const rows = Object.entries<ProxyOption>(PROXY_OPTIONS).map(([name, { short, value, text }]) => [
    `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    text,
  ]);
  const width = Math.max(...rows.map(([flag = '']) => flag.length)) + 2;
  return `Usage: mcp-dbg proxy [options] -- COMMAND [ARG...]

Stands between an MCP client and its server and records every byte; changes
none, unless an option below says so. In the client's configuration, put
"mcp-dbg proxy --" before the server's command ("mcp-dbg wrap" does); nothing
else changes.

Options:
${rows.map(([flag = '', text = '']) => `  ${flag.padEnd(width)}${fillText(text, width + 2)}`).join('\n')}

Captures go to ${captures}
unless --log says otherwise; "mcp-dbg log" shows the newest.

Exit status: the server's own; 127 command missing, 126 not executable, 125 our
own failure.

Examples:
  mcp-dbg proxy -- python3 server.py
  mcp-dbg proxy --restart --watch 'src/**/*.ts' -- npx tsx src/server.ts
`;
}

/** Tells the table of commands, which does not read the proxy's command line, what there is to complete in it. */
export function addProxyOptions(command: Pick<Command, 'option'>): void {
  for (const [name, { value, text }] of Object.entries<ProxyOption>(PROXY_OPTIONS))
    if (name !== 'help') command.option(`--${name}${value === undefined ? '' : ` <${value.toLowerCase()}>`}`, text);
}

/** The word in help for what an option takes; undefined where it takes nothing. */
export function takenBy(option: string): string | undefined {
  return Object.entries<ProxyOption>(PROXY_OPTIONS).find(([name]) => name === option)?.[1].value;
}

/** The options that take paths, such as `--log`, and which: of one file, or of all that match. */
export function proxyPathOptions(): ReadonlyMap<string, 'FILE' | 'GLOB'> {
  return new Map(
    Object.entries<ProxyOption>(PROXY_OPTIONS).flatMap(([name, { value }]) =>
      value === 'FILE' || value === 'GLOB' ? [[`--${name}`, value] as const] : [],
    ),
  );
}

/** The options of a command line of `proxy`, as parseArgs gives them. */
export type Parsed = {
  readonly [name in keyof typeof PROXY_OPTIONS]?:
    | ((typeof PROXY_OPTIONS)[name] extends { readonly multiple: true }
        ? readonly string[]
        : (typeof PROXY_OPTIONS)[name]['type'] extends 'string'
          ? string
          : boolean)
    | undefined;
};
