import type { Message } from '@mcp-dbg/wire';

import type { RelayFrame } from './relay-frame.ts';

/**
 * A frame with other texts of its messages, those left out that have none: the same frame where nothing is another,
 * undefined where nothing is left. A batch stays one.
 */
export function changedFrame(
  frame: RelayFrame,
  textFor: (message: Message) => string | undefined,
): RelayFrame | undefined {
  if (frame.messages.length === 0) return frame;
  const { reading } = frame;
  const items = reading.kind === 'batch' ? reading.items : frame.messages;
  const texts = items.map((item) => (item.kind === 'not-json-rpc' ? item.text : textFor(item)));
  if (texts.every((text, index) => text === items[index]?.text)) return frame;
  const left = texts.filter((text) => text !== undefined);
  if (left.length === 0) return undefined;
  return frame.changedTo(reading.kind === 'batch' ? `[${left.join(',')}]` : left.join(''));
}
