import { headerParams } from '@mcp-dbg/protocol';

import type { Connection } from './connection.ts';
import { isObject } from './json.ts';
import { type ListedEntry, type OnListFinding, listEntries } from './list-entries.ts';

/** A tool as its server listed it. */
export interface ListedTool extends Omit<ListedEntry, 'key'> {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  /** The server's own hints; they count only where the server is trusted. */
  readonly readOnly: boolean;
  readonly idempotent: boolean;
}

/** Fetches a server's tools, as {@link listEntries} does. */
export async function listTools(
  connection: Connection,
  signal: AbortSignal,
  onFinding: OnListFinding,
  onTtl?: (ms: number) => void,
): Promise<readonly ListedTool[]> {
  const entries = await listEntries(connection, 'tools/list', signal, onFinding, onTtl);
  return entries.filter((entry) => !connection.sendsParamHeaders || canBeCalled(entry, onFinding)).map(readTool);
}

/** Over HTTP a tool whose header names are wrong must not be used (2026-07-28/server/tools#x-mcp-header). */
function canBeCalled({ value: { name, inputSchema } }: ListedEntry, onFinding: OnListFinding): boolean {
  const params = headerParams(inputSchema);
  if (!('fault' in params)) return true;
  const message = `The server lists ${JSON.stringify(name)} with an x-mcp-header ${params.fault}; it is left out`;
  onFinding('tools/x-mcp-header', message);
  return false;
}

function readTool({ value, text }: ListedEntry): ListedTool {
  const { name, title, description, inputSchema } = value;
  const hints = isObject(value['annotations']) ? value['annotations'] : {};
  const words = [title, description].filter((each): each is string => typeof each === 'string' && each !== '');
  return {
    name: String(name),
    description: words.join('\n'),
    inputSchema,
    readOnly: hints['readOnlyHint'] === true,
    idempotent: hints['idempotentHint'] === true,
    value,
    text,
  };
}
