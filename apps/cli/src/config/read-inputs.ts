import type { ConfigInput } from './config-entry.ts';
import { membersOf } from './members.ts';

/** Reads what a file wants a person to be asked for; what cannot be understood is left out. Never throws. */
export function readInputs(value: unknown): readonly ConfigInput[] {
  return Array.isArray(value) ? value.flatMap(readInput) : [];
}

function readInput(value: unknown): readonly ConfigInput[] {
  const members = membersOf(value);
  const [type, id, preset] = ['type', 'id', 'default'].map((key) => members?.get(key));
  if (members === undefined || typeof id !== 'string' || (type !== 'promptString' && type !== 'pickString')) return [];
  const description = members.get('description');
  return [
    {
      id,
      description: typeof description === 'string' && description !== '' ? description : id,
      isSecret: members.get('password') === true,
      ...(typeof preset === 'string' && { preset }),
      choices: type === 'pickString' ? choicesOf(members.get('options')) : [],
    },
  ];
}

/** Each choice is a text, or an object that has its value beside what is shown. */
function choicesOf(options: unknown): readonly string[] {
  if (!Array.isArray(options)) return [];
  return options
    .map((option: unknown) => (typeof option === 'string' ? option : membersOf(option)?.get('value')))
    .filter((choice) => typeof choice === 'string');
}
