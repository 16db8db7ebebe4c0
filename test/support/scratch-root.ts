import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the tests of a run one folder for all that they write; it goes when the last of them has ended. */
export default function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), 'mcp-dbg-tests-'));
  process.env['MCP_DBG_TEST_ROOT'] = root;
  return () => rmSync(root, { recursive: true, force: true });
}
