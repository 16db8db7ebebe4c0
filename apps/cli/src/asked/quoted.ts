import { formatBytes } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';

/** Characters of a server's words that a question shows: enough to judge by, and not more than a screen. */
const MAX_SHOWN = 2000;

/** A server's words, set in so that they cannot pass for ours. What is too long is cut, and that is said. */
export function quoted(text: string): string {
  const cut = text.length > MAX_SHOWN;
  const shown = visible(cut ? text.slice(0, MAX_SHOWN) : text, 'kept').trimEnd();
  const rest = cut ? `\n… ${formatBytes(Buffer.byteLength(text))} in all` : '';
  return `${shown}${rest}`.replaceAll(/^/gm, '  │ ');
}
