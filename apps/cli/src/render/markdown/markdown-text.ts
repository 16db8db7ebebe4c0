import type { Theme } from '../theme.ts';
import { MarkdownStream } from './markdown-stream.ts';

/** A whole Markdown text as lines for a terminal of `width` columns, at least 10; no newline ends the last one. */
export function markdownText(text: string, theme: Theme, width: number): string {
  const stream = new MarkdownStream(theme, () => width);
  return (stream.push(text) + stream.end()).replace(/\n$/, '');
}
