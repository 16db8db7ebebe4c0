// Tells of its progress while it works: `work` sends `steps` notifications, when asked for them, and then answers.
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const WORK = {
  name: 'work',
  description: 'Works in steps of some milliseconds each and tells of its progress.',
  inputSchema: {
    type: 'object',
    properties: { steps: { type: 'integer', minimum: 1 }, ms: { type: 'integer', minimum: 0 } },
  },
  run: async ({ steps = 3, ms = 0 }, { send, signal, progressToken }) => {
    for (let progress = 1; progress <= steps; progress += 1) {
      await wait(ms);
      if (signal.aborted) return 'stopped';
      const params = { progressToken, progress, total: steps, message: `step ${progress}` };
      if (progressToken !== undefined) send({ method: 'notifications/progress', params });
    }
    return `did ${steps} steps`;
  },
};

serve({ name: 'progress', tools: [...goodTools, WORK] });
