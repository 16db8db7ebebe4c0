import type { Routes } from '@mcp-dbg/core';

import { formatBytes } from '../render/sizes.ts';

/** Bytes of JSON for each token of a model, a common rule of thumb. */
const BYTES_PER_TOKEN = 4;

/** Bytes that are worth a word; the rule `tools/context-cost` of lint grants each server as many. */
const WORTH_A_WORD = 25_000;

/** What the tools of all servers cost a model, where that is worth a word: it reads them with every request. */
export function toolsCost({ byName }: Routes): string | undefined {
  const specs = Array.from(byName.values(), ({ spec }) => spec);
  const bytes = Buffer.byteLength(JSON.stringify(specs));
  if (bytes < WORTH_A_WORD) return undefined;
  const tokens = Math.round(bytes / BYTES_PER_TOKEN / 1000);
  return `The model reads ${specs.length} tools with every request: ${formatBytes(bytes)}, about ${tokens} thousand tokens`;
}
