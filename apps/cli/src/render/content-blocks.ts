import { isDeepStrictEqual } from 'node:util';

import { jsonItems, memberText } from '@mcp-dbg/wire';

import { isObject } from '../schema/resolve-schema.ts';
import type { ResultFile } from './result-parts.ts';

/** One part of what a server gives, as a tool's result or in a prompt. Nothing of it is made safe to print yet. */
export type ContentBlock =
  | { readonly kind: 'text'; readonly text: string }
  /** An embedded resource that is text. */
  | { readonly kind: 'resource'; readonly uri: string; readonly mimeType: string; readonly text: string }
  /** An image, audio, a blob. */
  | { readonly kind: 'file'; readonly file: ResultFile; readonly uri: string }
  | {
      readonly kind: 'link';
      readonly uri: string;
      readonly name: string;
      readonly mimeType: string;
      readonly size: number | undefined;
      readonly description: string;
    }
  /** Structured content, and what is of no kind that is known here: its exact text. */
  | { readonly kind: 'json'; readonly json: string };

/**
 * Takes a result apart, given as a value and as its exact text (server/tools, "Tool Result"). Structured content comes
 * last, unless a text is its JSON. Takes anything and throws nothing.
 */
export function resultBlocks(value: unknown, text: string): readonly ContentBlock[] {
  if (!isObject(value)) return [{ kind: 'json', json: text }];
  const { content, structuredContent } = value;
  const blocks = contentBlocks(content, memberText(text, 'content') ?? 'null');
  if (structuredContent === undefined || blocks.some((block) => tells(block, structuredContent))) return blocks;
  return [...blocks, { kind: 'json', json: memberText(text, 'structuredContent') ?? 'null' }];
}

/** Takes the content of a result or of a prompt's message apart, which is a list, or should be, or one block. */
export function contentBlocks(content: unknown, text: string): readonly ContentBlock[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) return [contentBlock(content, text)];
  const texts = jsonItems(text);
  return content.map((block: unknown, index) => contentBlock(block, texts[index] ?? 'null'));
}

function contentBlock(block: unknown, json: string): ContentBlock {
  const unknown: ContentBlock = { kind: 'json', json };
  if (!isObject(block)) return unknown;
  const { type, text, data, mimeType, resource } = block;
  switch (type) {
    case 'text':
      return typeof text === 'string' ? { kind: 'text', text } : unknown;
    case 'image':
    case 'audio':
      return typeof data === 'string' ? { kind: 'file', file: fileOf(type, mimeType, data), uri: '' } : unknown;
    case 'resource_link':
      return {
        kind: 'link',
        uri: textOr(block['uri']),
        name: textOr(block['title']) || textOr(block['name']),
        mimeType: textOr(mimeType),
        size: typeof block['size'] === 'number' ? block['size'] : undefined,
        description: textOr(block['description']),
      };
    case 'resource':
      return isObject(resource) ? (resourceBlock(resource) ?? unknown) : unknown;
    default:
      return unknown;
  }
}

function resourceBlock(resource: Readonly<Record<string, unknown>>): ContentBlock | undefined {
  const { uri, mimeType, text, blob } = resource;
  if (typeof text === 'string') return { kind: 'resource', uri: textOr(uri), mimeType: textOr(mimeType), text };
  return typeof blob === 'string'
    ? { kind: 'file', file: fileOf('resource', mimeType, blob), uri: textOr(uri) }
    : undefined;
}

function fileOf(kind: string, mimeType: unknown, base64: string): ResultFile {
  return { kind, mimeType: textOr(mimeType) || 'of no type', bytes: Buffer.from(base64, 'base64') };
}

/** Whether a text says the structured content already: servers send its JSON, or its one value, for older clients. */
function tells(block: ContentBlock, structured: unknown): boolean {
  if (block.kind !== 'text') return false;
  const only = isObject(structured) && Object.keys(structured).length === 1 ? structured['result'] : undefined;
  if (block.text === only) return true;
  try {
    const value: unknown = JSON.parse(block.text);
    return isDeepStrictEqual(value, structured) || (only !== undefined && isDeepStrictEqual(value, only));
  } catch {
    return false;
  }
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
