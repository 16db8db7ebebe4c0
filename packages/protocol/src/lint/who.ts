import type { Sender } from '@mcp-dbg/wire';

/** The two peers as they begin a sentence. */
export const WHO: Readonly<Record<Sender, string>> = { client: 'The client', server: 'The server' };
