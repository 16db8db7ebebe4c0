import { CliError } from '../../exit-code.ts';
import { parseJson, readValue } from '../../parse-arguments.ts';
import { choose } from './choices.ts';
import { faultOf } from './fault-of.ts';
import type { Field } from './field.ts';
import { oneLine } from './one-line.ts';

/** What an answer says, or what is wrong with it. */
type Answer = { readonly value: unknown } | { readonly fault: string };

/** Reads a line as the value of a field. Nothing is made to fit: what does not is a fault, in words for a person. */
export function readAnswer(line: string, field: Field, root: unknown): Answer {
  const name = oneLine(field.name, 60);
  try {
    const answer = unchecked(line, field);
    if ('fault' in answer) return { fault: `${name} ${answer.fault}` };
    const fault = faultOf(answer.value, field.schema, root, field.name);
    return fault === undefined ? answer : { fault };
  } catch (error) {
    if (error instanceof CliError) return { fault: oneLine(error.message, 300) };
    throw error;
  }
}

function unchecked(line: string, field: Field): Answer {
  const typed = line.trim();
  if (field.isNullable && typed === 'null') return { value: null };
  switch (field.kind) {
    case 'text':
      if (typed === '""') return { value: '' };
      return { value: field.isNullable && typed === '"null"' ? 'null' : line };
    case 'number':
      return number(typed, 'must be a number, such as 2.5');
    case 'integer':
      return number(typed, 'must be a whole number, such as 5');
    case 'boolean':
      if (/^(y|yes|true)$/i.test(typed)) return { value: true };
      return /^(n|no|false)$/i.test(typed) ? { value: false } : { fault: 'must be y or n' };
    case 'choice':
      return choose(typed, field.choices);
    case 'plain':
      // What begins like JSON was meant as JSON.
      return { value: /^[{["]/.test(typed) ? parseJson(typed, field.name) : readValue(typed, []) };
    case 'list':
    case 'structure':
      return { value: parseJson(typed, field.name) };
  }
}

function number(typed: string, fault: string): Answer {
  const value = readValue(typed, ['number']);
  return typeof value === 'number' ? { value } : { fault };
}
