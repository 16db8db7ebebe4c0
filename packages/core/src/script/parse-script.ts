import { boolean, integer, json, list, object, oneOf, string, wrong } from './read-json.ts';
import {
  SCRIPT_STOPS,
  type Script,
  type ScriptCall,
  type ScriptError,
  type ScriptStop,
  type ScriptTurn,
} from './script.ts';

const TURN_KEYS = ['when', 'on', 'think', 'say', 'call', 'stop', 'error', 'disconnect', 'drip', 'repeat'];

/**
 * Reads a script from JSON text. Throws a ModelError `SCRIPT` that names the place and what belongs there; nothing else.
 */
export function parseScript(text: string): Script {
  const root = object(json(text), 'the script', ['turns']);
  const turns = list(root['turns'], 'turns').map((turn, index) => readTurn(turn, `turns[${index}]`));
  if (turns.length === 0) throw wrong('turns', 'at least one turn');
  return { turns };
}

function readTurn(value: unknown, at: string): ScriptTurn {
  const turn = object(value, at, TURN_KEYS);
  const call =
    turn['call'] === undefined
      ? []
      : list(turn['call'], `${at}.call`).map((each, index) => readCall(each, `${at}.call[${index}]`));
  const stop = readStop(turn['stop'], `${at}.stop`, call);
  const { when, on, think, say, error, disconnect, drip, repeat } = turn;
  if (
    say === undefined &&
    call.length === 0 &&
    error === undefined &&
    disconnect === undefined &&
    turn['stop'] === undefined
  ) {
    throw wrong(at, 'at least one of "say", "call", "stop", "error" and "disconnect"');
  }
  if (error !== undefined && call.length > 0) throw wrong(at, '"error" or "call", not both');
  return {
    ...(when === undefined ? {} : { when: readRegExp(when, `${at}.when`) }),
    ...(on === undefined ? {} : { on: oneOf(on, `${at}.on`, ['user', 'result'] as const) }),
    ...(think === undefined ? {} : { think: string(think, `${at}.think`) }),
    ...(say === undefined ? {} : { say: string(say, `${at}.say`) }),
    call,
    stop,
    ...(error === undefined ? {} : { error: readError(error, `${at}.error`) }),
    disconnect: disconnect === undefined ? false : boolean(disconnect, `${at}.disconnect`),
    drip: drip === undefined ? 0 : integer(drip, `${at}.drip`, 0, 600_000),
    repeat: readRepeat(repeat, `${at}.repeat`),
  };
}

function readCall(value: unknown, at: string): ScriptCall {
  const { tool, args = {} } = object(value, at, ['tool', 'args']) as {
    tool?: unknown;
    args?: unknown;
  };
  if (string(tool, `${at}.tool`) === '') throw wrong(`${at}.tool`, 'the name of a tool');
  return { tool: string(tool, `${at}.tool`), args: object(args, `${at}.args`) };
}

function readStop(value: unknown, at: string, call: readonly ScriptCall[]): ScriptStop {
  if (value === undefined) return call.length > 0 ? 'tool_use' : 'end_turn';
  const stop = oneOf(value, at, SCRIPT_STOPS);
  if (stop === 'tool_use' && call.length === 0) throw wrong(at, '"tool_use" only beside a "call"');
  const ends = stop === 'end_turn' || stop === 'stop_sequence' || stop === 'pause_turn';
  if (ends && call.length > 0) throw wrong(at, `no "${stop}" beside a "call": the API asks for tools with "tool_use"`);
  return stop;
}

function readError(value: unknown, at: string): ScriptError {
  const {
    status,
    message = 'This error is in the script.',
    retryAfterMs = 1,
  } = object(value, at, ['status', 'message', 'retryAfterMs']) as {
    [key: string]: unknown;
  };
  return {
    status: integer(status, `${at}.status`, 400, 599),
    message: string(message, `${at}.message`),
    retryAfterMs: integer(retryAfterMs, `${at}.retryAfterMs`, 1, 600_000),
  };
}

function readRepeat(value: unknown, at: string): number {
  if (value === undefined || value === false) return 1;
  return value === true ? Infinity : integer(value, at, 1, Number.MAX_SAFE_INTEGER);
}

function readRegExp(value: unknown, at: string): RegExp {
  const source = string(value, at);
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    throw wrong(at, `a regular expression (${error instanceof Error ? error.message : String(error)})`);
  }
}
