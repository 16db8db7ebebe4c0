import type { HeldMessage } from './live-message.ts';

/** What begins the names of the modern protocol in `_meta`: there every result says of which type it is. */
const MODERN = '"io.modelcontextprotocol/protocolVersion"';

/** An answer to begin with, for the person to go on. */
export function replyTemplate({ id, method }: Pick<HeldMessage, 'id' | 'method'>, raw: string): string {
  const members = [
    ...(raw.includes(MODERN) ? ['    "resultType": "complete"'] : []),
    ...(method === 'tools/call' ? ['    "content": [{ "type": "text", "text": "" }]'] : []),
  ];
  const result = members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n  }`;
  return `{\n  "jsonrpc": "2.0",\n  "id": ${id ?? 'null'},\n  "result": ${result}\n}`;
}
