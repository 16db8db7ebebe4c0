import { isDeepStrictEqual } from 'node:util';
import { imageTypeOf } from './image-type.ts';
import type { JsonObject, ModelContent } from './model.ts';

export interface ModelContentOptions {
  /** Most characters of text that one result may put before the model. Default: 100 000. */
  readonly textLimit?: number;
}

const TEXT_LIMIT = 100_000;
/** Most characters of base64: the API's own limit for an image, and a third of a whole request for a document. */
const IMAGE_LIMIT = 5 * 1024 * 1024;
const PDF_LIMIT = 10 * 1024 * 1024;

/** Types of embedded bytes that are text all the same. */
const TEXT_TYPE = /^text\/|^application\/(?:json|xml|javascript|yaml|toml|x-yaml|sql|graphql)\b|\+(?:json|xml)\b/i;

/**
 * What a model can read of an MCP tool result. Takes anything, throws nothing and drops nothing in silence: what the
 * model cannot read becomes a line that says what it was. A failed result is text alone, since the Messages API takes
 * no more. Kinds of content: spec page server/tools, "Tool Result".
 */
export function toModelContent(result: unknown, { textLimit = TEXT_LIMIT }: ModelContentOptions = {}): ModelContent[] {
  const { content, structuredContent, isError } = asObject(result) ?? { content: result };
  const parts = contentParts(content).map((part) => (isError === true ? textOnly(part) : part));
  if (structuredContent !== undefined && !parts.some((part) => tells(part, structuredContent))) {
    parts.push(text(jsonText(structuredContent)));
  }
  const kept = parts.filter((part) => part.type !== 'text' || part.text.trim() !== '');
  return kept.length === 0 ? [text('(no output)')] : withinLimit(kept, Math.max(0, textLimit));
}

function contentParts(content: unknown): ModelContent[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [text(content)];
  return Array.isArray(content) ? content.map(contentPart) : [text(jsonText(content))];
}

function contentPart(value: unknown): ModelContent {
  const part = asObject(value);
  if (part === undefined) return text(jsonText(value));
  switch (part['type']) {
    case 'text':
      return typeof part['text'] === 'string' ? text(part['text']) : stub('text', undefined, undefined);
    case 'image':
    case 'audio':
      return bytesPart(part['type'], part['data'], part['mimeType'], undefined);
    case 'resource_link':
      return text(linkText(part));
    case 'resource':
      return resourcePart(asObject(part['resource']) ?? {});
    default:
      return text(`[content of a type unknown here: ${jsonText(part['type']).slice(0, 60)}]`);
  }
}

function resourcePart({ uri, mimeType, text: content, blob }: JsonObject): ModelContent {
  const name = typeof uri === 'string' ? uri : 'without a URI';
  if (typeof content === 'string') return text(`[resource ${name}]\n${content}`);
  if (
    typeof blob === 'string' &&
    blob.length <= PDF_LIMIT &&
    typeof mimeType === 'string' &&
    TEXT_TYPE.test(mimeType)
  ) {
    return text(`[resource ${name}]\n${Buffer.from(blob, 'base64').toString('utf8')}`);
  }
  return bytesPart('resource', blob, mimeType, name);
}

/** Bytes the model can see, if they are of a kind it knows. The label may lie; the first bytes tell. */
function bytesPart(kind: string, data: unknown, mimeType: unknown, name: string | undefined): ModelContent {
  if (typeof data !== 'string') return stub(kind, mimeType, undefined, name);
  const head = Buffer.from(data.slice(0, 1400), 'base64');
  const image = imageTypeOf(head);
  // Encoded anew, since the API is stricter about base64 than Node is.
  const again = (): string => Buffer.from(data, 'base64').toString('base64');
  if (image !== undefined && data.length <= IMAGE_LIMIT) return { type: 'image', mimeType: image, data: again() };
  if (head.subarray(0, 1024).includes('%PDF-') && data.length <= PDF_LIMIT) return { type: 'pdf', data: again() };
  return stub(kind, mimeType, Buffer.byteLength(data, 'base64'), name);
}

function stub(kind: string, mimeType: unknown, bytes: number | undefined, name?: string): ModelContent {
  const type = typeof mimeType === 'string' ? ` of type ${mimeType.slice(0, 100)}` : '';
  const size = bytes === undefined ? 'without readable bytes' : `${bytes} bytes, which the model cannot read`;
  return text(`[${kind}${name === undefined ? '' : ` ${name}`}${type}, ${size}]`);
}

function linkText({ name, title, uri, mimeType, size, description }: JsonObject): string {
  const facts = [mimeType, typeof size === 'number' ? `${size} bytes` : undefined].filter(
    (fact) => typeof fact === 'string',
  );
  const head = `[link to resource ${[title, name].find((each) => typeof each === 'string') ?? ''}: ${typeof uri === 'string' ? uri : 'no URI'}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}]`;
  return typeof description === 'string' ? `${head}\n${description}` : head;
}

function textOnly(part: ModelContent): ModelContent {
  if (part.type === 'text') return part;
  return stub(part.type, part.type === 'image' ? part.mimeType : undefined, Buffer.byteLength(part.data, 'base64'));
}

/** Whether a text says this very value: as its JSON, for older clients, or as the one text that the value wraps. */
function tells(part: ModelContent, value: unknown): boolean {
  if (part.type !== 'text') return false;
  const members = Object.values(asObject(value) ?? {});
  if (members.length === 1 && typeof members[0] === 'string' && members[0] === part.text) return true;
  try {
    return isDeepStrictEqual(JSON.parse(part.text), value);
  } catch {
    return false;
  }
}

/** Cuts the middle out of all the text together, and says so where the cut is. */
function withinLimit(parts: readonly ModelContent[], limit: number): ModelContent[] {
  const total = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
  if (total <= limit) return [...parts];
  const from = Math.ceil(limit / 2);
  const to = total - Math.floor(limit / 2);
  const kept: ModelContent[] = [];
  let at = 0;
  for (const part of parts) {
    if (part.type !== 'text') {
      kept.push(part);
      continue;
    }
    const before = part.text.slice(0, Math.max(0, from - at));
    const after = part.text.slice(Math.max(0, to - at));
    const cutHere = at <= from && from < at + part.text.length;
    const note = cutHere ? `\n[${to - from} of ${total} characters left out here]\n` : '';
    at += part.text.length;
    if (before + note + after !== '') kept.push(text(before + note + after));
  }
  return kept;
}

/** Half a character, as a cut or a server may leave one, would make the whole request unreadable to the API. */
function text(value: string): ModelContent {
  return { type: 'text', text: value.replaceAll(/\p{Surrogate}/gu, '\uFFFD') };
}

function jsonText(value: unknown): string {
  try {
    // Undefined, for a value that JSON has no word for.
    const json: string | undefined = JSON.stringify(value);
    return json ?? String(value);
  } catch {
    return '[a value that cannot be written as JSON]';
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
