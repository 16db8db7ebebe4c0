import { visible } from '../render/visible.ts';

/**
 * A text of several lines as the one line that the editor can hold, and back: line breaks and tabs stand as their
 * pictures (Unicode block "Control Pictures"), so that the width of what is shown is the width that is counted.
 */
const NEWLINE = '\u2424';
const TAB = '\u2409';

/** What was typed or pasted, with everything hidden in it made visible: what is seen is what will be sent. */
export function toOneLine(text: string): string {
  return visible(text.replaceAll(/\r\n?/g, '\n'), 'kept').replaceAll('\n', NEWLINE).replaceAll('\t', TAB);
}

export function fromOneLine(line: string): string {
  return line.replaceAll(NEWLINE, '\n').replaceAll(TAB, '\t');
}
