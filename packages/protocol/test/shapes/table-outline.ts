import type { Version } from '@mcp-dbg/protocol';

import type { ChoiceShape, Shape, Slot, Slots } from '../../src/shapes/shape.ts';
import type { Member, Outline } from './outline.ts';
import { numberText, wordsText } from './schema-outline.ts';

/** The outline of what stands at a place in a revision; empty where nothing does. */
export function tableOutline(slot: Slot, version: Version): Outline {
  const rule = slot.at.get(version);
  return rule === undefined ? [] : shapeOutline(rule.shape, version);
}

function shapeOutline(shape: Shape, version: Version): Outline {
  switch (shape.kind) {
    case 'anything':
      return [{ type: 'any' }];
    case 'text':
      return [{ type: 'string' }];
    case 'truth':
      return [{ type: 'boolean' }];
    case 'nothing':
      return [{ type: 'null' }];
    case 'number':
      return [{ type: numberText(shape.isWhole, shape.from, shape.to) }];
    case 'words':
      return [{ type: wordsText(shape.words) }];
    case 'list':
      return [{ type: 'array', items: shapeOutline(shape.of, version) }];
    case 'map':
      return [{ type: 'object', members: new Map(), values: shapeOutline(shape.of, version) }];
    case 'object':
      return [{ type: 'object', members: membersOf(shape.members, version) }];
    case 'either':
      return shape.of.flatMap((each) => shapeOutline(each, version));
    case 'choice':
      return choiceOutline(shape, version);
    case 'holding':
      return [...shape.cases.values(), ...(shape.otherwise === undefined ? [] : [shape.otherwise])].flatMap((slot) =>
        tableOutline(slot, version),
      );
  }
}

/** Where there is a choice, each object has the member that tells which it is. */
function choiceOutline(shape: ChoiceShape, version: Version): Outline {
  const cases = [...shape.cases].filter(([, slot]) => slot.at.has(version));
  return cases.flatMap(([text, slot]) =>
    tableOutline(slot, version).map((each) => {
      const told: Member = { outline: [{ type: wordsText([text]) }], isRequired: true };
      const members = new Map([[shape.by, told], ...(each.members ?? [])]);
      return { ...each, members, label: { member: shape.by, text } };
    }),
  );
}

function membersOf(slots: Slots, version: Version): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const [name, slot] of slots) {
    const rule = slot.at.get(version);
    if (rule === undefined) continue;
    members.set(name, { outline: shapeOutline(rule.shape, version), isRequired: rule.isRequired });
  }
  return members;
}
