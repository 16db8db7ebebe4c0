// Changes its tool list while it runs and says so, in the way of each era.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const inputSchema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
};

serve({
  name: 'list-changes',
  listChanged: true,
  tools: [
    ...goodTools,
    {
      name: 'add_tool',
      description: 'Adds a tool of that name; it answers with its name.',
      inputSchema,
      run: ({ name }, { tools, toolsChanged }) => {
        tools.push({
          name,
          description: 'Added later.',
          inputSchema: { type: 'object' },
          run: () => name,
        });
        toolsChanged();
        return `added ${name}`;
      },
    },
    {
      name: 'remove_tool',
      description: 'Removes the tool of that name.',
      inputSchema,
      run: ({ name }, { tools, toolsChanged }) => {
        const place = tools.findIndex((tool) => tool.name === name);
        if (place === -1) throw new Error(`There is no tool ${name}`);
        tools.splice(place, 1);
        toolsChanged();
        return `removed ${name}`;
      },
    },
  ],
});
