import type { Answer } from '@mcp-dbg/core';

import type { Io } from './io.ts';
import type { OpenServer } from './open-server.ts';
import { blocksText } from './render/blocks-text.ts';
import { resultBlocks } from './render/content-blocks.ts';
import { themeFor } from './render/theme.ts';
import { safeJson } from './render/visible.ts';
import { resultLook } from './result-look.ts';
import { writeResult } from './write-result.ts';

/** The result of a call as a person or a pipe gets it on stdout; a failed one in red. */
export function resultText(io: Io, answer: Answer, isError: boolean): string {
  const look = resultLook(io);
  const text = blocksText(resultBlocks(answer.value, answer.text), look);
  return `${isError ? look.theme.bad(text) : text}\n`;
}

/**
 * Writes the result of a call into a file: where it has one image, or other bytes, these are what is wanted; else all of
 * it as a pipe gets it.
 */
export async function keepResult(
  io: Io,
  server: OpenServer,
  file: string,
  answer: Answer,
  json: boolean,
): Promise<void> {
  if (json) return await writeResult(io, server, file, { body: `${safeJson(answer.text)}\n` });
  const look = { ...resultLook(io), theme: themeFor(false, {}), columns: undefined };
  const blocks = resultBlocks(answer.value, answer.text);
  const [only, ...others] = blocks.filter((block) => block.kind === 'file');
  if (only === undefined || others.length > 0)
    return await writeResult(io, server, file, { body: `${blocksText(blocks, look)}\n` });
  await writeResult(io, server, file, { body: only.file.bytes, mimeType: only.file.mimeType });
  const rest = blocks.filter((block) => block !== only);
  if (rest.length > 0) server.print(`${blocksText(rest, resultLook(io))}\n`);
}
