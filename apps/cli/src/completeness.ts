import type { CaptureRecord, TornStretch } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { VERSIONS } from '@mcp-dbg/protocol';
import type { Rule } from '@mcp-dbg/protocol/lint';

import { formatBytes } from './render/sizes.ts';

/** Where a finding is about the whole capture: connections are numbered from 1. */
export const NO_CONNECTION = 0;

const INCOMPLETE = 'capture/incomplete';
const EMPTY = 'capture/empty';

/** What a capture must be, for a clean bill to mean something. */
export const COMPLETENESS_RULES: Readonly<Record<string, Rule>> = {
  [INCOMPLETE]: {
    title: 'A capture holds all that was said',
    level: 'warning',
    versions: VERSIONS,
    fix: 'Use the whole file, or record again; what stands behind missing bytes on a connection is not checked.',
  },
  [EMPTY]: {
    title: 'A capture holds something to check',
    level: 'error',
    versions: VERSIONS,
    fix: 'Record while a client and a server speak; mcp-dbg log shows what there is.',
  },
};

/** Watches the records of a capture for what is missing of it. */
export class Completeness {
  #torn = 0;
  #tornBytes = 0;
  #gaps = 0;

  /** The same records, seen on their way. */
  async *of(
    records: AsyncIterable<CaptureRecord | TornStretch>,
  ): AsyncGenerator<CaptureRecord | TornStretch, void, undefined> {
    for await (const record of records) {
      if (record.t === 'gap') this.#gaps++;
      if (record.t === 'torn') {
        this.#torn++;
        this.#tornBytes += record.bytes;
      }
      yield record;
    }
  }

  /** What is missing, when all records were seen and so many frames were in them. */
  findings(frames: number): readonly CaptureFinding[] {
    const torn = `${formatBytes(this.#tornBytes)} of the file hold no record that can be trusted`;
    return [
      ...(this.#torn === 0 ? [] : [finding(INCOMPLETE, `The capture is damaged: ${torn}`)]),
      ...(this.#gaps === 0 ? [] : [finding(INCOMPLETE, `The capture has ${this.#gaps} gaps: not all was recorded`)]),
      ...(frames > 0 ? [] : [finding(EMPTY, 'The capture holds no frame at all, so nothing was checked')]),
    ];
  }
}

function finding(rule: string, message: string): CaptureFinding {
  const { level = 'warning', fix = '' } = COMPLETENESS_RULES[rule] ?? {};
  const about = { n: undefined, from: undefined, quote: undefined, spec: undefined, clients: undefined };
  return { rule, level, message, fix, ...about, conn: NO_CONNECTION, server: undefined };
}
