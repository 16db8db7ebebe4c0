// Lists seven tools, `tool_1` to `tool_7`, in pages of three. argv: other numbers for the two.
import { rpcError, serve } from './_mcp.mjs';

const [count = 7, page = 3] = process.argv.slice(2).map(Number);
const CURSOR = /^after-(\d+)$/;

serve({
  name: 'paginated',
  tools: Array.from({ length: count }, (_, index) => ({
    name: `tool_${index + 1}`,
    description: 'Answers with its name.',
    inputSchema: { type: 'object' },
    run: () => `tool_${index + 1}`,
  })),
  list: (tools, { cursor = 'after-0' }) => {
    const start = Number(CURSOR.exec(cursor)?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) throw rpcError(-32602, `Invalid cursor: ${cursor}`);
    const end = start + page;
    return {
      tools: tools.slice(start, end),
      ...(end < tools.length ? { nextCursor: `after-${end}` } : {}),
    };
  },
});
