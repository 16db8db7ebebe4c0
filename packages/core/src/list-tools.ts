import { jsonItems, memberText } from '@mcp-dbg/wire';

import type { Connection } from './connection.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';

/** A tool as its server listed it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  /** The server's own hints; they count only where the server is trusted. */
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  /** The whole entry, as a value and as the exact text received. */
  readonly value: JsonObject;
  readonly text: string;
}

/** Pages of one list that are asked for at most. */
const MAX_PAGES = 64;

/**
 * Fetches a server's tools, all pages. An entry without a name is left out and told; one bad tool never costs the
 * others. A server without the tools capability has none. Throws CoreError when the server does not answer.
 */
export async function listTools(
  connection: Connection,
  signal: AbortSignal,
  onFinding: (rule: string, message: string) => void,
): Promise<readonly ListedTool[]> {
  if (!isObject(connection.capabilities['tools'])) return [];
  const tools = new Map<string, ListedTool>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await connection.request('tools/list', cursor === undefined ? {} : { cursor }, { signal });
    for (const tool of toolsOf(answer.value, answer.text)) {
      if (tool === undefined) onFinding('tools/name', 'The server lists a tool without a name; it is left out');
      else if (tools.has(tool.name))
        onFinding('tools/unique', `The server lists the tool ${JSON.stringify(tool.name)} twice; the first counts`);
      else tools.set(tool.name, tool);
    }
    const next = isObject(answer.value) ? answer.value['nextCursor'] : undefined;
    if (typeof next !== 'string') return [...tools.values()];
    if (cursors.has(next)) {
      onFinding('tools/cursor', 'The server gives the same page of its tools again and again; the list ends here');
      return [...tools.values()];
    }
    cursors.add(next);
    cursor = next;
  }
  onFinding('tools/pages', `The server's list of tools has more than ${MAX_PAGES} pages; the rest is left out`);
  return [...tools.values()];
}

function toolsOf(result: unknown, text: string): readonly (ListedTool | undefined)[] {
  const listed = isObject(result) ? result['tools'] : undefined;
  if (!Array.isArray(listed)) return [];
  const texts = jsonItems(memberText(text, 'tools') ?? '[]');
  return listed.map((value: unknown, index) => readTool(value, texts[index] ?? 'null'));
}

function readTool(value: unknown, text: string): ListedTool | undefined {
  if (!isObject(value) || typeof value['name'] !== 'string' || value['name'] === '') return undefined;
  const { name, title, description, inputSchema } = value;
  const hints = isObject(value['annotations']) ? value['annotations'] : {};
  const words = [title, description].filter((each): each is string => typeof each === 'string' && each !== '');
  return {
    name,
    description: words.join('\n'),
    inputSchema,
    readOnly: hints['readOnlyHint'] === true,
    idempotent: hints['idempotentHint'] === true,
    value,
    text,
  };
}
