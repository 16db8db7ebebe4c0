import { parseArgs } from 'node:util';

import { emptyFault } from '../empty-values.ts';
import { type FaultRequest, asksForFaults } from '../faults/fault-request.ts';
import { parseSize } from '../parse-size.ts';
import { splitArgv } from '../split-argv.ts';
import { PROXY_OPTIONS, type Parsed, takenBy } from './proxy-option-table.ts';

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
  const empty = emptyOption(parsed);
  if (empty !== undefined) return misuse(empty);
  const { log, capture, label, 'no-capture': none, 'max-capture': size, 'kill-after': delay } = parsed;
  if ([log, capture, none].filter((each) => each !== undefined).length > 1) {
    return misuse('--log, --capture and --no-capture exclude each other; give one of them');
  }
  const maxCaptureBytes = size === undefined ? undefined : parseSize(size);
  if (size !== undefined && maxCaptureBytes === undefined) return misuse('--max-capture needs a size, such as 64MB');
  const killAfterMs = delay === undefined ? undefined : Number(delay);
  if (delay !== undefined && !(/^\d+$/.test(delay) && Number(delay) <= MAX_DELAY_MS)) {
    return misuse(`--kill-after needs whole milliseconds, from 0 to ${MAX_DELAY_MS}`);
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

/**
 * What is wrong with an option whose value names nothing. Where to record is none of them: a client is not kept from its
 * server because that fails (docs/transparency.md, T10).
 */
function emptyOption(parsed: Parsed): string | undefined {
  for (const [name, given] of Object.entries<unknown>(parsed)) {
    if (name === 'log' || name === 'capture') continue;
    const takes = takenBy(name);
    for (const value of Array.isArray(given) ? (given as readonly unknown[]) : [given]) {
      const fault = takes === undefined || typeof value !== 'string' ? undefined : emptyFault(takes, value);
      if (fault !== undefined) return `--${name}: ${fault}`;
    }
  }
  return undefined;
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
    return `--hold-for needs seconds, such as 120: more than 0, at most ${Math.floor(MAX_DELAY_MS / 1000)}`;
  return { filters: hold, holdMs };
}

/** A number below 0 is for us to refuse, with what is allowed: parseArgs takes it for an option. */
function withNegatives(own: readonly string[]): string[] {
  return own.flatMap((word, index) => {
    if (isNegative(word) && isBareOption(own[index - 1])) return [];
    const next = own[index + 1];
    return [next !== undefined && isNegative(next) && isBareOption(word) ? `${word}=${next}` : word];
  });
}

function isNegative(word: string): boolean {
  return /^-\d/.test(word);
}

function isBareOption(word: string | undefined): boolean {
  return word !== undefined && /^--[^=]+$/.test(word);
}

function parse(own: readonly string[]): Parsed | string {
  try {
    return parseArgs({ args: withNegatives(own), options: PROXY_OPTIONS }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    switch (code) {
      case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
        return "proxy needs -- before the server's command, as in: mcp-dbg proxy -- python3 server.py";
      case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
        return `${message.split('. ', 1)[0] ?? message}; mcp-dbg proxy --help shows the options`;
      case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
        const unclear = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(message)?.[1];
        if (unclear !== undefined)
          return `${unclear} needs a value; one that begins with a dash is written ${unclear}=-VALUE`;
        return message.replaceAll(/\s*\n\s*/g, ' ');
      }
      default:
        return message.replaceAll(/\s*\n\s*/g, ' ');
    }
  }
}

function misuse(message: string): ProxyRequest {
  return { kind: 'misuse', message };
}
