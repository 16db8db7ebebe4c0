import { CliError } from '../../exit-code.ts';
import { faultOf } from './fault-of.ts';
import { nameText } from './field-words.ts';
import { jsonTemplate, readTemplate } from './json-template.ts';
import { oneLine } from './one-line.ts';
import { type Asked, GIVEN_UP, type Outcome, enterHint, entered, question } from './question.ts';
import { readAnswer } from './read-answer.ts';

/**
 * Asks for JSON: on one line, or in the person's editor, which Enter opens, and opens again with what did not fit.
 * A template that comes back as it was is no answer, unless it is the default; an emptied one leaves the value out.
 */
export async function askStructure(asked: Asked): Promise<Outcome> {
  const { field, root, io } = asked;
  const template = jsonTemplate(field, root);
  let text = template;
  let canEdit = io.edit !== undefined;
  for (;;) {
    const line = await io.ask(question(asked, canEdit ? 'Enter opens your editor' : enterHint(asked)));
    if (line === undefined) return GIVEN_UP;
    if (line.trim() !== '') {
      const answer = readAnswer(line, field, root);
      if ('value' in answer) return { kind: 'value', value: answer.value };
      io.say(`  ${answer.fault}`);
      continue;
    }
    const edited = canEdit ? await io.edit?.(text, '.jsonc') : undefined;
    if (canEdit && edited === undefined) {
      canEdit = false;
      io.say('  Nothing came back from an editor; give the JSON on one line');
      continue;
    }
    const outcome = edited === undefined ? entered(asked) : taken(edited, edited === template, asked);
    if (outcome !== undefined) return outcome;
    text = edited ?? text;
  }
}

/** The value of an edited text; undefined where it is none, after saying why. */
function taken(text: string, isUnchanged: boolean, asked: Asked): Outcome | undefined {
  const { field, root, io } = asked;
  if (isUnchanged) {
    if (field.preset !== undefined) return { kind: 'value', value: field.preset.value };
    io.say('  The text came back as it was, so nothing was taken from it');
    return undefined;
  }
  const read = readEdited(text, field.name);
  if (read === undefined) {
    if (!asked.isRequired) return { kind: 'left-out' };
    io.say(`  ${nameText(field.name)} is required`);
    return undefined;
  }
  const fault = 'fault' in read ? read.fault : faultOf(read.value, field.schema, root, field.name);
  if ('value' in read && fault === undefined) return { kind: 'value', value: read.value };
  io.say(`  ${fault ?? ''}`);
  return undefined;
}

function readEdited(text: string, name: string): { readonly value: unknown } | { readonly fault: string } | undefined {
  try {
    return readTemplate(text, name);
  } catch (error) {
    if (error instanceof CliError) return { fault: oneLine(error.message, 300) };
    throw error;
  }
}
