// Puts terminal control, bidirectional and invisible characters wherever a server's text can go: its own name, tool
// names and descriptions, results, both kinds of error, notifications and stderr. Each payload also says PWNED.
import { all, payloads } from './_hostile.mjs';
import { rpcError, serve, text } from './_mcp.mjs';

const inputSchema = {
  type: 'object',
  properties: { [`key${payloads.color}`]: { type: 'string', description: all } },
};

process.stderr.write(`starting ${all}\n`);
serve({
  name: `hostile${payloads.color}`,
  tools: [
    { name: 'result', run: () => text(all) },
    { name: 'tool_error', run: () => ({ ...text(all), isError: true }) },
    {
      name: 'protocol_error',
      run: () => {
        throw rpcError(-32603, all, { reason: all });
      },
    },
    {
      name: 'notification',
      run: (_args, { send }) => {
        send({
          method: 'notifications/message',
          params: { level: 'error', logger: all, data: all },
        });
        return 'sent';
      },
    },
    {
      name: 'complain',
      run: () => {
        process.stderr.write(`${all}\n`);
        return 'complained';
      },
    },
    {
      name: `name_${payloads.color}_${payloads.bidi}_${payloads.tags}`,
      run: () => 'a name from hell',
    },
  ].map((tool) => ({
    ...tool,
    title: payloads.title,
    description: `Hostile: ${all}`,
    inputSchema,
  })),
});
