// Lists seven tools, `tool_1` to `tool_7`, in pages of three.
import { rpcError, serve } from './_mcp.mjs';

const PAGE = 3;
const CURSOR = /^after-(\d+)$/;

serve({
  name: 'paginated',
  tools: Array.from({ length: 7 }, (_, index) => ({
    name: `tool_${index + 1}`,
    description: 'Answers with its name.',
    inputSchema: { type: 'object' },
    run: () => `tool_${index + 1}`,
  })),
  list: (tools, { cursor = 'after-0' }) => {
    const start = Number(CURSOR.exec(cursor)?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) throw rpcError(-32602, `Invalid cursor: ${cursor}`);
    const end = start + PAGE;
    return {
      tools: tools.slice(start, end),
      ...(end < tools.length ? { nextCursor: `after-${end}` } : {}),
    };
  },
});
