import { statSync } from 'node:fs';

import {
  type CaptureRecord,
  type Filter,
  FilterError,
  type TornStretch,
  compileFilter,
  explainFilterError,
  parseFilter,
} from '@mcp-dbg/capture';
import { openCapture, openCaptureStream } from '@mcp-dbg/capture/node';

import { type ChosenCapture, chooseCapture } from './choose-capture.ts';
import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { keepInput } from './kept-input.ts';

/** What a reading command reads: a capture, and the part of it that is asked for. Dispose of it when done. */
export interface Reading extends Disposable {
  /** How the capture is called: its path, or `stdin`. */
  readonly name: string;
  /** Where it lies; undefined for standard input that is read as it comes. */
  readonly path: string | undefined;
  /** Bytes of the file as it is now. */
  readonly size: number | undefined;
  readonly probe: ChosenCapture['probe'];
  /** Undefined where all of it is asked for. */
  readonly filter: Filter | undefined;
  /** The records from the first on; once more with each call where that was asked for. Throws CaptureError as `openCapture` does. */
  records(): AsyncIterable<CaptureRecord | TornStretch>;
}

/**
 * Finds what `[CAPTURE] [FILTER…]` means. With `again` it is a file, whose records can be read more than once: standard
 * input is kept in one until the reading is disposed of. Throws CaptureError where there is no such capture, and CliError
 * `BAD_FILTER` with the place in the filter.
 */
export async function openReading(io: Io, words: readonly string[], again: boolean = false): Promise<Reading> {
  const { source, probe, rest } = await chooseCapture(io, words);
  const filter = rest.trim() === '' ? undefined : filterOf(rest);
  if (source.kind === 'file') return { ...fileReading(source.path, source.path), probe, filter };
  // Whether a finding is about an entry can show later in the capture.
  if (again || filter?.needs.findings === true) {
    const kept = await keepInput(io);
    return { ...fileReading(kept.path, 'stdin'), probe, filter, [Symbol.dispose]: () => kept[Symbol.dispose]() };
  }
  const records = openCaptureStream(io.stdin, 'stdin');
  const nothing = { path: undefined, size: undefined, [Symbol.dispose]: () => {} };
  return { ...nothing, name: 'stdin', probe, filter, records: () => records };
}

function fileReading(path: string, name: string): Omit<Reading, 'probe' | 'filter'> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  return { name, path, size, records: () => openCapture(path, name), [Symbol.dispose]: () => {} };
}

/** Reads a filter. Throws CliError `BAD_FILTER`, whose detail shows the place. */
export function filterOf(text: string): Filter {
  try {
    return compileFilter(parseFilter(text));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const [, ...place] = explainFilterError(text, error).split('\n');
    throw new CliError('BAD_FILTER', error.message, { cause: error, detail: place.join('\n') });
  }
}
