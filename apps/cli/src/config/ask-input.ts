import { CliError } from '../exit-code.ts';
import { visible } from '../render/visible.ts';
import type { Person } from '../terminal/person.ts';
import type { ConfigInput } from './config-entry.ts';
import type { UsableEntry } from './fill-entry.ts';

/**
 * Asks a person for what a file says is to be asked. Throws CliError `BAD_CONFIG` where nobody can be asked, where the file
 * does not say what to ask, or where there is no answer.
 */
export async function askInput(
  id: string,
  { name, source }: UsableEntry,
  inputs: readonly ConfigInput[],
  person: Person | undefined,
): Promise<string> {
  const refused = (why: string): CliError =>
    new CliError('BAD_CONFIG', `Cannot use ${JSON.stringify(name)} of ${JSON.stringify(source.path)}: ${why}`);
  const input = inputs.find((each) => each.id === id);
  if (input === undefined) throw refused(`it needs \${input:${id}}, and the file does not say how to ask for that`);
  if (person === undefined) {
    throw refused(
      `it asks for ${JSON.stringify(input.description)}, and nobody can be asked here; run it in a terminal`,
    );
  }
  const { choices, isSecret } = input;
  const ask = isSecret ? person.askSecret : person.ask;
  if (ask === undefined)
    throw refused(
      `it asks for ${JSON.stringify(input.description)}, and what is typed here is shown; name it when you start`,
    );
  const hints = [
    choices.length > 0 ? `one of ${choices.map((choice) => visible(choice)).join(', ')}` : '',
    input.preset === undefined || isSecret ? '' : `Enter takes ${JSON.stringify(visible(input.preset))}`,
    isSecret ? 'it is not shown' : '',
  ].filter((hint) => hint !== '');
  const question = `${visible(name)} needs ${visible(input.description)}${hints.length > 0 ? ` (${hints.join('; ')})` : ''}: `;
  for (;;) {
    const typed = await ask(question);
    if (typed === undefined) throw refused(`it asks for ${JSON.stringify(input.description)}, and there was no answer`);
    const answer = typed === '' ? (input.preset ?? '') : typed;
    if (choices.length === 0 || choices.includes(answer)) return answer;
    person.say(`It has to be one of ${choices.map((choice) => visible(choice)).join(', ')}`);
  }
}
