import { visible } from '../visible.ts';

/** Text as it may be shown on several lines: nothing hidden in it, line ends as `\n`, and no tabs. */
export function shownText(text: string): string {
  return visible(text.replaceAll('\r\n', '\n'), 'kept').replaceAll('\t', '    ');
}
