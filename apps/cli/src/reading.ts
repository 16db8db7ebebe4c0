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

import { type ChosenCapture, chooseCapture, recordsOf } from './choose-capture.ts';
import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';

/** What a reading command reads: a capture, and the part of it that is asked for. */
export interface Reading {
  /** How the capture is called: its path, or `-`. */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  /** Bytes of the file as it is now; undefined for standard input. */
  readonly size: number | undefined;
  readonly probe: ChosenCapture['probe'];
  /** Undefined where all of it is asked for. */
  readonly filter: Filter | undefined;
  /** The records from the first on; once more with each call where that was asked for. Throws CaptureError as `openCapture` does. */
  records(): AsyncIterable<CaptureRecord | TornStretch>;
}

/** Bytes of standard input that are kept for a second look at most. */
const MAX_KEPT = 256 * 1024 * 1024;

/**
 * Finds what `[CAPTURE] [FILTER…]` means. With `again` the records can be read more than once, for which standard input
 * has to be kept. Throws CaptureError where there is no such capture, and CliError `BAD_FILTER` with the place in the
 * filter.
 */
export async function openReading(io: Io, words: readonly string[], again: boolean = false): Promise<Reading> {
  const { source, probe, rest } = await chooseCapture(io, words);
  const filter = rest.trim() === '' ? undefined : filterOf(rest);
  if (source.kind === 'stdin') {
    const records = recordsOf(io, source);
    const kept = again ? new KeptRecords(records) : undefined;
    return { name: '-', path: undefined, size: undefined, probe, filter, records: () => kept?.records() ?? records };
  }
  const { path } = source;
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  return { name: path, path, size, probe, filter, records: () => recordsOf(io, source) };
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

/** The records of a stream, which gives them only once: kept while they are read for the first time. */
class KeptRecords {
  readonly #source: AsyncIterable<CaptureRecord | TornStretch>;
  #kept: (CaptureRecord | TornStretch)[] | undefined;

  constructor(source: AsyncIterable<CaptureRecord | TornStretch>) {
    this.#source = source;
  }

  async *records(): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
    if (this.#kept !== undefined) {
      yield* this.#kept;
      return;
    }
    const kept: (CaptureRecord | TornStretch)[] = [];
    let bytes = 0;
    for await (const record of this.#source) {
      bytes += record.t === 'data' ? record.bytes.length : 0;
      if (bytes > MAX_KEPT)
        throw new CliError('UNAVAILABLE', 'Standard input is too long for this; save it in a file, and name the file');
      kept.push(record);
      yield record;
    }
    this.#kept = kept;
  }
}
