import type { NumberShape, Shape } from './shape.ts';

/** What a shape asks for, in a few words: `a string`, `one of public, private`. */
export function expectedText(shape: Shape): string {
  switch (shape.kind) {
    case 'anything':
      return 'a value';
    case 'text':
      return 'a string';
    case 'truth':
      return 'true or false';
    case 'nothing':
      return 'null';
    case 'number':
      return expectedNumber(shape);
    case 'words':
      return expectedWord(shape.words);
    case 'list':
      return 'an array';
    case 'map':
    case 'object':
    case 'choice':
    case 'holding':
      return 'an object';
    case 'either':
      return shape.of.map(expectedText).join(' or ');
  }
}

/** One of several words, or the only one. */
export function expectedWord(words: readonly string[]): string {
  return words.length === 1 ? `"${words.join('')}"` : `one of ${words.join(', ')}`;
}

function expectedNumber({ isWhole, from, to }: NumberShape): string {
  const kind = isWhole ? 'a whole number' : 'a number';
  if (to !== Infinity) return `${kind} from ${from} to ${to}`;
  return from === -Infinity ? kind : `${kind}, ${from} or more`;
}
