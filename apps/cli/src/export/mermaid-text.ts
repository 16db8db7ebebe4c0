import { shortText } from './short-text.ts';

/** Characters of a label at most. */
const MAX_LABEL = 60;

/** Everything but letters, digits and signs that mean nothing in a diagram. */
const SPECIAL = /[^\p{L}\p{M}\p{N} ./_,()=+!?'…-]/gu;

/**
 * Text for a label of a Mermaid diagram, from anywhere: cut at 60 characters, nothing hidden in it, and every character
 * that could mean something to Mermaid or to a browser as an entity code such as `#59;`. Never empty, always one line.
 */
export function mermaidText(text: string): string {
  const label = shortText(text.trim(), MAX_LABEL).trim();
  if (label === '') return '(empty)';
  return (
    label
      .replaceAll(SPECIAL, entity)
      // The word ends a block wherever it stands.
      .replaceAll(/\bend\b/gi, (word) => `${entity(word.slice(0, 1))}${word.slice(1)}`)
  );
}

function entity(character: string): string {
  return `#${character.codePointAt(0) ?? 0};`;
}
