import type { ServerControl } from '@mcp-dbg/relay';

/** A server of a stage to which nothing can be done. */
export const IDLE_SERVER: ServerControl = {
  pid: 1,
  kill: () => {},
  endOf: () => {},
  floodStderr: () => {},
  ignoreShutdown: () => {},
  restart: async () => {},
};
