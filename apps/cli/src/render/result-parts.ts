import { toModelContent } from '@mcp-dbg/core';

/** Bytes in a result that are no text: an image, audio, a blob of a resource. */
export interface ResultFile {
  /** `image`, `audio` or `resource`. */
  readonly kind: string;
  /** As the server says; may be anything. */
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A tool's result as a person sees it. */
export interface ResultParts {
  /** Everything that is text, whole; empty where there is none. Not yet made safe to print. */
  readonly text: string;
  readonly files: readonly ResultFile[];
}

/** Takes a tool's result apart, as its server sent it. Takes anything and throws nothing (server/tools, "Tool Result"). */
export function resultParts(result: unknown): ResultParts {
  const whole = asObject(result);
  const blocks: readonly unknown[] = Array.isArray(whole?.['content']) ? whole['content'] : [];
  const files = blocks.flatMap((block) => fileOf(block) ?? []);
  if (whole === undefined || files.length === 0) return { text: textOf(result), files: [] };
  const rest = blocks.filter((block) => fileOf(block) === undefined);
  const isEmpty = rest.length === 0 && whole['structuredContent'] === undefined;
  return { text: isEmpty ? '' : textOf({ ...whole, content: rest }), files };
}

function textOf(result: unknown): string {
  const parts = toModelContent(result, { textLimit: Infinity });
  return parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}

function fileOf(value: unknown): ResultFile | undefined {
  const block = asObject(value);
  if (block?.['type'] === 'image' || block?.['type'] === 'audio') return file(block['type'], block, block['data']);
  const resource = block?.['type'] === 'resource' ? asObject(block['resource']) : undefined;
  // What is text, or bytes that are, is shown as text.
  const isText = typeof resource?.['text'] === 'string' || /^text\/|[/+]json\b/.test(String(resource?.['mimeType']));
  return resource === undefined || isText ? undefined : file('resource', resource, resource['blob']);
}

function file(kind: string, { mimeType }: Readonly<Record<string, unknown>>, base64: unknown): ResultFile | undefined {
  if (typeof base64 !== 'string') return undefined;
  return {
    kind,
    mimeType: typeof mimeType === 'string' ? mimeType : 'of no type',
    bytes: Buffer.from(base64, 'base64'),
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
