import type { ModelContent } from '@mcp-dbg/core';

import { formatBytes } from './sizes.ts';
import { visible } from './visible.ts';

/** A tool's result as a person reads it in a terminal. */
export function contentText(content: readonly ModelContent[]): string {
  return content
    .map((part) => {
      switch (part.type) {
        case 'text':
          return visible(part.text, 'kept');
        case 'image':
          return `[image ${part.mimeType}, ${formatBytes(Buffer.byteLength(part.data, 'base64'))}]`;
        case 'pdf':
          return `[PDF, ${formatBytes(Buffer.byteLength(part.data, 'base64'))}]`;
      }
    })
    .join('\n');
}
