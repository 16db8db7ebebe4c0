import { type Frame, readFrame } from '@mcp-dbg/wire';

import { withinStringLimit } from '../export/frame-text.ts';
import { indentedJson } from './indented-json.ts';
import { jsonText } from './json-text.ts';
import { formatBytes } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Longer frames stay as they are: nobody reads them, and setting them in takes a hundred times their memory (bytes). */
export const MAX_SET_IN: number = 4 * 1024 * 1024;

/** The text of a frame with nothing hidden, set in so that it can be read, or as it crossed the wire. */
export function frameBody({ bytes }: Pick<Frame, 'bytes'>, theme: Theme, isRaw: boolean): string {
  const whole = (): string => {
    const text = new TextDecoder().decode(bytes);
    if (bytes.length > MAX_SET_IN || readFrame(bytes).kind === 'not-json') return visible(text);
    return isRaw ? jsonText(text, theme) : jsonText(indentedJson(text), theme, 'kept');
  };
  return withinStringLimit(whole, () => theme.dim(`(${formatBytes(bytes.length)}: longer than a text can be)`));
}
