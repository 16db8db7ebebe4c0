// The tools that the servers on the real SDKs share; `registerTool` of 1.x and of 2.x take them alike.
import { z } from 'zod';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const annotations = { readOnlyHint: true };

export function registerTools(server) {
  server.registerTool(
    'echo',
    {
      description: 'Gives the text back.',
      inputSchema: z.object({ text: z.string() }),
      annotations,
    },
    ({ text: given }) => text(given),
  );
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      annotations,
    },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool('pid', { description: 'The process id of this server.', annotations }, () =>
    text(String(process.pid)),
  );
  server.registerTool('fail', { description: 'Throws.' }, () => {
    throw new Error('The disk is full');
  });
  server.registerTool('crash', { description: 'Exits with status 3.' }, () => process.exit(3));
  server.registerTool('add_tool', { description: 'Adds a tool named later.' }, () => {
    server.registerTool('later', { description: 'Added while the server ran.' }, () => text('later'));
    return text('added later');
  });
}
