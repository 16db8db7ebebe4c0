import type { Theme } from './theme.ts';
import { type Whitespace, visible } from './visible.ts';

/** Strings (with the colon that makes one a key), and numbers and words; nothing else of JSON needs colour. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\btrue\b|\bfalse\b|\bnull\b)/g;

/** Text longer than this is shown without colours: nobody reads it, and it must not cost time (characters). */
const MAX_COLOURED = 100_000;

/** Raw JSON text with colours and nothing hidden; its characters, order and spaces stay as they are. */
export function jsonText(raw: string, theme: Theme, whitespace: Whitespace = 'shown'): string {
  if (raw.length > MAX_COLOURED) return visible(raw, whitespace);
  return visible(raw, whitespace).replaceAll(TOKEN, (all: string, text?: string, colon?: string, word?: string) => {
    if (word !== undefined) return theme.number(word);
    if (text === undefined) return all;
    return colon === undefined ? theme.text(text) : theme.key(text) + colon;
  });
}
