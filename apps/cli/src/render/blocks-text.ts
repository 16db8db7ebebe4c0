import type { ContentBlock } from './content-blocks.ts';
import { jsonView } from './json-view.ts';
import type { ResultFile } from './result-parts.ts';
import { formatBytes } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Where blocks are shown, and how. */
export interface BlocksLook {
  readonly theme: Theme;
  /** The width of the terminal; undefined for a file or a pipe, where JSON stays as it came. */
  readonly columns: number | undefined;
  /** Saves bytes that are no text, and gives the line that tells of it; safe to print. */
  readonly saveFile: (file: ResultFile) => string;
}

/** Blocks as a person reads them, one below the other, safe to print. */
export function blocksText(blocks: readonly ContentBlock[], look: BlocksLook): string {
  return blocks.length === 0 ? '(no output)' : blocks.map((block) => blockText(block, look)).join('\n');
}

function blockText(block: ContentBlock, look: BlocksLook): string {
  const { theme, saveFile } = look;
  switch (block.kind) {
    case 'text':
      return textOrJson(block.text, look);
    case 'json':
      return look.columns === undefined ? visible(block.json) : textOrJson(block.json, look);
    case 'resource':
      return `[resource ${theme.link(visible(block.uri))}${facts(block.mimeType)}]\n${textOrJson(block.text, look)}`;
    case 'file':
      return (block.uri === '' ? '' : `${theme.link(visible(block.uri))}\n`) + saveFile(block.file);
    case 'link': {
      const { uri, name, mimeType, size, description } = block;
      const told = facts(mimeType, size === undefined ? '' : formatBytes(size));
      const line = `[link to resource ${name === '' ? '' : `${visible(name)}: `}${theme.link(visible(uri))}${told}]`;
      return description === '' ? line : `${line}\n${visible(description, 'kept')}`;
    }
  }
}

function textOrJson(text: string, { theme, columns }: BlocksLook): string {
  if (columns === undefined) return visible(text, 'kept');
  return jsonView(text, theme, columns) ?? visible(text, 'kept');
}

function facts(...all: readonly string[]): string {
  const told = all.filter((fact) => fact !== '').map((fact) => visible(fact));
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}
