import { wordsOf } from './choices.ts';
import type { Field } from './field.ts';
import { hintsOf, nameText, valueText } from './field-words.ts';
import type { FormIo } from './form-io.ts';

/** A field that is being asked for. */
export interface Asked<Kind extends Field = Field> {
  readonly field: Kind;
  readonly isRequired: boolean;
  /** The schema that references lead into. */
  readonly root: unknown;
  readonly io: FormIo;
}

/** What became of a question. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'left-out' }
  | { readonly kind: 'given-up' };

export const GIVEN_UP: Outcome = { kind: 'given-up' };

/** The question for a field, such as `  city (text, required): `; `enter` says what Enter does, where it does something. */
export function question({ field, isRequired }: Asked, enter: string | undefined, part = ''): string {
  const hints = [...hintsOf(field), isRequired ? 'required' : 'optional', ...(enter === undefined ? [] : [enter])];
  return `  ${nameText(field.name)}${part} (${hints.join(', ')}): `;
}

/** What Enter alone does; undefined where a value is needed. */
export function enterHint({ field, isRequired }: Asked): string | undefined {
  if (field.preset !== undefined) return `Enter takes ${valueText(field.preset.value)}`;
  return isRequired ? undefined : 'Enter leaves it out';
}

/** Does what Enter alone does; undefined where a value is needed, after saying so. */
export function entered({ field, isRequired, io }: Asked): Outcome | undefined {
  if (field.preset !== undefined) return { kind: 'value', value: field.preset.value };
  if (!isRequired) return { kind: 'left-out' };
  io.say(`  ${nameText(field.name)} is required${field.kind === 'text' ? '; "" is an empty text' : ''}`);
  return undefined;
}

/** True for a line that is no value: for a text, spaces are one. */
export function isBlank(line: string, { kind }: Field): boolean {
  return line === '' || (kind !== 'text' && line.trim() === '');
}

/** Completes a line to the values that can be typed. */
export function completer(field: Field): ((line: string) => readonly string[]) | undefined {
  const words =
    field.kind === 'choice' ? wordsOf(field.choices) : field.kind === 'boolean' ? ['yes', 'no', 'true', 'false'] : [];
  return words.length === 0 ? undefined : (line) => wordsFor(line, words);
}

/** Words that a line may become; so many that a person can still read them. */
export function wordsFor(line: string, words: readonly string[]): readonly string[] {
  return words.filter((word) => word.startsWith(line)).slice(0, 100);
}
