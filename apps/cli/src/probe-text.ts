import { type Entry, readCapture } from '@mcp-dbg/capture';
import { openCapture } from '@mcp-dbg/capture/node';
import { eraOf } from '@mcp-dbg/protocol';

import { formatMs } from './render/sizes.ts';
import type { Theme } from './render/theme.ts';
import { visible } from './render/visible.ts';

/**
 * One line about the capture of a probe that a host made on a process of its own before the connection: what it asked,
 * what came of it. Throws CaptureError as `openCapture` does.
 */
export async function probeText(path: string, theme: Theme): Promise<string> {
  const probe = await probeIn(path);
  const answer = probe?.kind === 'exchange' ? probe.exchange : undefined;
  const era = answer?.status === 'ok' && answer.version !== undefined ? eraOf(answer.version) : undefined;
  const said = [answer?.status ?? 'nothing asked', era, answer?.ms === undefined ? undefined : formatMs(answer.ms)];
  const what = said.filter((each) => each !== undefined).join(', ');
  return `${theme.dim(`      probe on a throw-away process: server/discover, ${what}  (${visible(path)})`)}\n`;
}

async function probeIn(path: string): Promise<Entry | undefined> {
  for await (const entry of readCapture(openCapture(path)))
    if (entry.kind === 'exchange' && entry.exchange.method === 'server/discover') return entry;
  return undefined;
}
