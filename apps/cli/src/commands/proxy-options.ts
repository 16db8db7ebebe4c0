import { parseArgs } from 'node:util';

import type { Command } from 'commander';

import { type FaultRequest, asksForFaults } from '../faults/fault-request.ts';
import { parseSize } from '../parse-size.ts';
import { splitArgv } from '../split-argv.ts';

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
const PROXY_OPTIONS: {
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

/** What `proxy` was asked to do. */
export type ProxyRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'misuse'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly command: readonly [string, ...string[]];
      /** The file to record into; `false` for none, undefined for a new one in the state folder. */
      readonly capture: string | false | undefined;
      readonly label?: string;
      readonly maxCaptureBytes?: number;
      readonly killAfterMs?: number;
      readonly announce: boolean;
      /** What is to be done beside watching; undefined for the plain proxy, which changes nothing. */
      readonly relay?: RelayRequest;
    };

/** What a proxy that does more than watch is to do. */
export interface RelayRequest {
  /** Whether the client's connection outlives the server. */
  readonly restarts: boolean;
  /** The files whose change starts the server anew, as globs. */
  readonly watch: readonly string[];
  /** What is run before that. */
  readonly build?: string;
  /** Whether the client is given tools of ours. */
  readonly tools: boolean;
  /** What is held until somebody decides; undefined where nothing is. */
  readonly hold?: HoldRequest;
  /** The faults to put into the traffic; undefined for none. */
  readonly faults?: FaultRequest;
}

/** Which frames a proxy holds, and for how long. */
export interface HoldRequest {
  readonly filters: readonly string[];
  /** Milliseconds. */
  readonly holdMs: number;
}

/** Milliseconds that a frame is held at most, where nothing else is said: less than clients wait for an answer. */
const HOLD_MS = 30_000;

/** The longest delay that a timer can take; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Reads the command line of `proxy`, without the word `proxy`. Everything comes from there: hosts pass on few variables. */
export function readProxyArgv(argv: readonly string[]): ProxyRequest {
  const { own, command } = splitArgv(argv);
  // Without options, which is the rule, parseArgs need not be loaded: it takes longer than the rest of us.
  const parsed = own.length === 0 ? {} : parse(own);
  if (typeof parsed === 'string') return misuse(parsed);
  if (parsed.help === true) return { kind: 'help' };
  const { log, capture, label, 'no-capture': none, 'max-capture': size, 'kill-after': delay } = parsed;
  if ([log, capture, none].filter((each) => each !== undefined).length > 1) {
    return misuse('--log, --capture and --no-capture exclude each other; give one of them');
  }
  const maxCaptureBytes = size === undefined ? undefined : parseSize(size);
  if (size !== undefined && maxCaptureBytes === undefined) return misuse('--max-capture needs a size, such as 64MB');
  const killAfterMs = delay === undefined ? undefined : Number(delay);
  if (delay !== undefined && !(/^\d+$/.test(delay) && Number(delay) <= MAX_DELAY_MS)) {
    return misuse(`--kill-after needs whole milliseconds, ${MAX_DELAY_MS} at most`);
  }
  if (command === undefined) {
    return misuse("proxy needs the server's command after --, as in: mcp-dbg proxy -- python3 server.py");
  }
  const relay = relayRequest(parsed);
  if (typeof relay === 'string') return misuse(relay);
  return {
    kind: 'run',
    command,
    capture: none === true ? false : (log ?? capture),
    announce: parsed.announce === true,
    ...(label !== undefined && { label }),
    ...(maxCaptureBytes !== undefined && { maxCaptureBytes }),
    ...(killAfterMs !== undefined && { killAfterMs }),
    ...(relay !== undefined && { relay }),
  };
}

/** A text says what is wrong. */
function relayRequest(parsed: Parsed): RelayRequest | string | undefined {
  const { restart, watch = [], build, tools = false } = parsed;
  if (build !== undefined && watch.length === 0) return '--build needs --watch, which says when to run it';
  if (watch.length > 0 && watch.every((glob) => glob.startsWith('!'))) {
    return '--watch needs a glob of what to watch, beside those that leave something out';
  }
  const hold = holdRequest(parsed);
  if (typeof hold === 'string') return hold;
  const faults = faultRequest(parsed);
  if (typeof faults === 'string') return faults;
  const restarts = restart === true || watch.length > 0 || tools;
  if (!restarts && hold === undefined && faults === undefined) return undefined;
  return {
    restarts,
    watch,
    tools,
    ...(build !== undefined && { build }),
    ...(hold && { hold }),
    ...(faults && { faults }),
  };
}

function faultRequest({ seed, ...parsed }: Parsed): FaultRequest | string | undefined {
  const { fault = [], 'fault-file': faultFile = [], chaos = [] } = parsed;
  const request: FaultRequest = { fault, faultFile, chaos, ...(seed !== undefined && { seed }) };
  if (asksForFaults(request)) return request;
  return seed === undefined ? undefined : '--seed is for --fault, --fault-file and --chaos';
}

function holdRequest({ hold, 'hold-for': seconds }: Parsed): HoldRequest | string | undefined {
  if (hold === undefined) return seconds === undefined ? undefined : '--hold-for needs --hold, which says what to hold';
  const holdMs = seconds === undefined ? HOLD_MS : Math.round(Number(seconds) * 1000);
  if (seconds !== undefined && !(/^\d+(\.\d+)?$/.test(seconds) && holdMs > 0 && holdMs <= MAX_DELAY_MS))
    return `--hold-for needs seconds, such as 120; ${Math.floor(MAX_DELAY_MS / 1000)} at most`;
  return { filters: hold, holdMs };
}

/** The help text of `proxy`. */
export function proxyHelp(captures: string): string {
  const rows = Object.entries<ProxyOption>(PROXY_OPTIONS).map(([name, { short, value, text }]) => [
    `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    text,
  ]);
  const width = Math.max(...rows.map(([flag = '']) => flag.length)) + 2;
  return `Usage: mcp-dbg proxy [options] -- COMMAND [ARG...]

Stands between an MCP client and its server and records every byte; changes none, unless an option below says so. In the
client's configuration, put "mcp-dbg proxy --" before the server's command ("mcp-dbg wrap" does); nothing else changes.

Options:
${rows.map(([flag = '', text]) => `  ${flag.padEnd(width)}${text}`).join('\n')}

Captures go to ${captures}
unless --log says otherwise; "mcp-dbg log" shows the newest.

Exit status: the server's own; 127 command missing, 126 not executable, 125 our own failure.

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

/** The options that take paths, such as `--log`, and which: of one file, or of all that match. */
export function proxyPathOptions(): ReadonlyMap<string, 'FILE' | 'GLOB'> {
  return new Map(
    Object.entries<ProxyOption>(PROXY_OPTIONS).flatMap(([name, { value }]) =>
      value === 'FILE' || value === 'GLOB' ? [[`--${name}`, value] as const] : [],
    ),
  );
}

type Parsed = {
  readonly [name in keyof typeof PROXY_OPTIONS]?:
    | ((typeof PROXY_OPTIONS)[name] extends { readonly multiple: true }
        ? readonly string[]
        : (typeof PROXY_OPTIONS)[name]['type'] extends 'string'
          ? string
          : boolean)
    | undefined;
};

function parse(own: readonly string[]): Parsed | string {
  try {
    return parseArgs({ args: [...own], options: PROXY_OPTIONS }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    switch (code) {
      case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
        return "proxy needs -- before the server's command, as in: mcp-dbg proxy -- python3 server.py";
      case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
        return `${message.split('. ', 1)[0] ?? message}; mcp-dbg proxy --help shows the options`;
      default:
        return message.replaceAll(/\s*\n\s*/g, ' ');
    }
  }
}

function misuse(message: string): ProxyRequest {
  return { kind: 'misuse', message };
}
