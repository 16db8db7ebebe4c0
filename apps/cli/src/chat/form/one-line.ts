import { visible } from '../../render/visible.ts';

/** A text of a server's on one line, cut at `max` characters and safe to print. */
export function oneLine(text: string, max: number): string {
  // Cut before anything looks at it, since it may be of any size.
  const line = text
    .slice(0, 4 * max)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  const isCut = characters.length > max || text.length > 4 * max;
  return `${visible(characters.slice(0, max).join(''))}${isCut ? '…' : ''}`;
}
