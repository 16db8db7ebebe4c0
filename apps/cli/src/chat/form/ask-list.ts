import { faultOf } from './fault-of.ts';
import type { Field } from './field.ts';
import { nameText } from './field-words.ts';
import { type Asked, GIVEN_UP, type Outcome, completer, enterHint, entered, isBlank, question } from './question.ts';
import { readAnswer } from './read-answer.ts';

/** Asks for an item a line until an empty one: so none needs quotes or commas, and each is judged as it is typed. */
export async function askList(asked: Asked<Extract<Field, { kind: 'list' }>>): Promise<Outcome> {
  const { field, root, io } = asked;
  const { maxItems } = field.told;
  const most = typeof maxItems === 'number' ? maxItems : Infinity;
  const enter = enterHint(asked);
  const items: unknown[] = [];
  while (items.length < most) {
    const isFirst = items.length === 0;
    const next = `  ${nameText(field.name)}, item ${items.length + 1} (Enter ends the list): `;
    const line = await io.ask(
      isFirst ? question(asked, enter ?? 'Enter ends it', ', item 1') : next,
      completer(field.item),
    );
    if (line === undefined) return GIVEN_UP;
    const isEnd = isBlank(line, field.item);
    if (isEnd && isFirst && enter !== undefined) return entered(asked) ?? GIVEN_UP;
    const answer = isEnd ? checked(items, asked) : readAnswer(line, field.item, root);
    if ('fault' in answer) io.say(`  ${answer.fault}`);
    else if (isEnd) return { kind: 'value', value: items };
    else if (isRepeated(answer.value, items, field)) io.say(`  ${nameText(field.name)} has this item already`);
    else items.push(answer.value);
  }
  io.say(`  ${nameText(field.name)} has all the items that it may have`);
  return { kind: 'value', value: items };
}

function checked(
  items: readonly unknown[],
  { field, root }: Asked,
): { readonly value: unknown } | { readonly fault: string } {
  const fault = faultOf(items, field.schema, root, field.name);
  return fault === undefined ? { value: items } : { fault };
}

function isRepeated(item: unknown, items: readonly unknown[], { told }: Field): boolean {
  return told['uniqueItems'] === true && items.includes(item);
}
