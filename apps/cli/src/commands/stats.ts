import { statsOfFile } from '@mcp-dbg/capture/node';

import { EXIT } from '../exit-code.ts';
import { findingsFor } from '../findings-of.ts';
import type { Io } from '../io.ts';
import { keepHeapSmall } from '../keep-heap-small.ts';
import { openReading } from '../reading.ts';
import { statsJson } from '../render/stats-json.ts';
import { type StatsBy, statsText } from '../render/stats-text.ts';
import { themeFor } from '../render/theme.ts';

export interface StatsOptions {
  readonly by?: StatsBy;
  readonly json?: boolean;
}

/** Counts what a capture holds, or what of it a filter lets through. Gives the exit code. */
export async function stats(io: Io, words: readonly string[], options: StatsOptions): Promise<number> {
  using reading = await openReading(io, words, true);
  const { filter, name, path = name } = reading;
  const findingsOf = await findingsFor(reading);
  keepHeapSmall();
  const document = await statsOfFile(path, filter, { name, findingsOf });
  const { by = 'method', json = false } = options;
  io.stdout.write(json ? statsJson(document) : statsText(document, by, themeFor(io.terminal.stdout, io.env)));
  return EXIT.good;
}
