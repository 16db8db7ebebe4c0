import { type JsonObject, ModelError } from '../model.ts';
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

function json(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ModelError(
      'SCRIPT',
      `The script is not JSON: ${error instanceof Error ? error.message : String(error)}; see docs/script-model.md.`,
    );
  }
}

function object(value: unknown, at: string, keys?: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object', value);
  const stranger = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (stranger !== undefined)
    throw wrong(`${at}, key ${JSON.stringify(stranger)}`, `only the keys ${keys?.join(', ')}`);
  return value as JsonObject;
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(at, 'a list', value);
  return value;
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrong(at, 'a text', value);
  return value;
}

function boolean(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw wrong(at, 'true or false', value);
  return value;
}

function integer(value: unknown, at: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(at, `a whole number from ${least} to ${most}`, value);
}

function oneOf<Choice extends string>(value: unknown, at: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw wrong(at, `one of ${choices.join(', ')}`, value);
  return choice;
}

function wrong(at: string, expected: string, ...found: readonly unknown[]): ModelError {
  const what =
    found.length === 0 ? '' : `, found ${found[0] === undefined ? 'nothing' : clip(JSON.stringify(found[0]))}`;
  return new ModelError(
    'SCRIPT',
    `The script is wrong at ${at}: expected ${expected}${what}; see docs/script-model.md.`,
  );
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
