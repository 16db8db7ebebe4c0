/**
 * A text of several lines as the one line that the editor can hold, and back: line breaks and tabs stand as their
 * pictures (Unicode block "Control Pictures"), so that the width of what is shown is the width that is counted.
 */
const NEWLINE = '\u2424';
const TAB = '\u2409';

/** Everything else that moves a terminal; in pasted text it means nothing. */
// oxlint-disable-next-line no-control-regex -- they are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export function toOneLine(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '').replaceAll('\n', NEWLINE).replaceAll('\t', TAB);
}

export function fromOneLine(line: string): string {
  return line.replaceAll(NEWLINE, '\n').replaceAll(TAB, '\t');
}
