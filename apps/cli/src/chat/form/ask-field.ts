import { askList } from './ask-list.ts';
import { askStructure } from './ask-structure.ts';
import { type Choice, choiceList } from './choices.ts';
import type { Field } from './field.ts';
import { aboutOf, nameText } from './field-words.ts';
import { type Asked, GIVEN_UP, type Outcome, completer, enterHint, entered, isBlank, question } from './question.ts';
import { readAnswer } from './read-answer.ts';

/** Asks for one value until there is one that fits, or the person gives up or leaves an optional one out. */
export async function askField(asked: Asked): Promise<Outcome> {
  const { field, isRequired, io } = asked;
  const about = aboutOf(field);
  if (about !== undefined) io.say(`  ${about}`);
  const choices = choicesIn(field);
  const [only, ...others] = choices;
  if (field.kind === 'choice' && isRequired && only !== undefined && others.length === 0) {
    io.say(`  ${nameText(field.name)}: ${only.shown} (there is no other choice)`);
    return { kind: 'value', value: only.value };
  }
  const columns = io.columns();
  // A row that fills the last column would wrap in some terminals.
  if (choices.length > 0) io.list(choiceList(choices, columns === undefined ? undefined : columns - 1));
  if (field.kind === 'list') return await askList({ ...asked, field });
  if (field.kind === 'structure') return await askStructure(asked);
  return await askLine(asked);
}

async function askLine(asked: Asked): Promise<Outcome> {
  const { field, root, io } = asked;
  for (;;) {
    const line = await io.ask(question(asked, enterHint(asked)), completer(field));
    if (line === undefined) return GIVEN_UP;
    if (isBlank(line, field)) {
      const outcome = entered(asked);
      if (outcome !== undefined) return outcome;
      continue;
    }
    const answer = readAnswer(line, field, root);
    if ('value' in answer) return { kind: 'value', value: answer.value };
    io.say(`  ${answer.fault}`);
  }
}

function choicesIn(field: Field): readonly Choice[] {
  if (field.kind === 'list') return choicesIn(field.item);
  return field.kind === 'choice' ? field.choices : [];
}
