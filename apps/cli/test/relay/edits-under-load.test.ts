import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import type { Connected } from '../honest/stock-clients.ts';
import { CLIENTS, connectThrough, editedServer, said } from './edited-server.ts';

const EDITS = Number(process.env['MCP_DBG_TEST_EDITS'] ?? 8);
/** Calls that are under way at a time. */
const AT_ONCE = 4;
const LIMIT_MS = 30_000 + EDITS * 3000;

/** Calls until it is told to stop; gives which version answered each call, in the order of asking. */
function load(client: Connected): { readonly versions: readonly (number | undefined)[]; stop(): Promise<void> } {
  const versions: (number | undefined)[] = [];
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver) {
      const at = versions.push(undefined) - 1;
      versions[at] = Number(await said(client, 'version'));
    }
  };
  const workers = Promise.all(Array.from({ length: AT_ONCE }, worker));
  return {
    versions,
    stop: async () => {
      isOver = true;
      await workers;
    },
  };
}

describe.concurrent('every call is answered, by the old or the new server, in order, while its file is edited', () => {
  for (const [era, connect] of Object.entries(CLIENTS)) {
    it(
      `${EDITS} edits under load, ${era}`,
      async () => {
        const server = editedServer();
        const client = await connectThrough(connect, server.folder, ['--watch', '*.mjs']);
        const { versions, stop } = load(client);
        for (let version = 2; version <= EDITS + 1; version++) {
          server.save(version, version % 2 === 0 ? 'write' : 'rename');
          await waitFor(() => versions.includes(version), `an answer of version ${version}`);
        }
        await stop();
        await client.client.close();
        expect(versions, 'the versions that answered, in the order of asking').toEqual(
          versions.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
        );
        expect(new Set(versions).size, 'the versions that answered').toBe(EDITS + 1);
      },
      LIMIT_MS,
    );
  }
});
