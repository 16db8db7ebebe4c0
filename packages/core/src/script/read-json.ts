import { type JsonObject, ModelError } from '../model.ts';

export function json(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ModelError(
      'SCRIPT',
      `The script is not JSON: ${error instanceof Error ? error.message : String(error)}; see docs/script-model.md.`,
    );
  }
}

export function object(value: unknown, at: string, keys?: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object', value);
  const stranger = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (stranger !== undefined)
    throw wrong(`${at}, key ${JSON.stringify(stranger)}`, `only the keys ${keys?.join(', ')}`);
  return value as JsonObject;
}

export function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(at, 'a list', value);
  return value;
}

export function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrong(at, 'a text', value);
  return value;
}

export function boolean(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw wrong(at, 'true or false', value);
  return value;
}

export function integer(value: unknown, at: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(at, `a whole number from ${least} to ${most}`, value);
}

export function oneOf<Choice extends string>(value: unknown, at: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw wrong(at, `one of ${choices.join(', ')}`, value);
  return choice;
}

export function wrong(at: string, expected: string, ...found: readonly unknown[]): ModelError {
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
