import type { ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';
import type { Finding } from '@mcp-dbg/protocol/lint';

import { wireHead } from '../render/wire-columns.ts';
import { type WireLook, eventRow, findingRow, frameText, sentenceRow } from '../render/wire-text.ts';

/** The verbose view: every frame, line of stderr and turn of a process as rows, in the order in which they happen. */
export class WireView {
  readonly #look: () => WireLook;
  /** Rules that were found broken: what core has to forgive is told here already. */
  readonly #told = new Set<string>();
  #isBegun = false;

  constructor(look: () => WireLook) {
    this.#look = look;
  }

  /**
   * The rows of an event, each ended by a newline, its sentence among them, and what is wrong with it; '' for one that has
   * none.
   */
  rows(
    event: ServerEvent,
    sighting: Sighting | undefined,
    sentence: string | undefined,
    findings: readonly Finding[],
  ): string {
    const look = this.#look();
    const { theme, columns } = look;
    for (const { rule } of findings) this.#told.add(rule);
    const rows = sighting === undefined ? eventRow(event, look) : frameText(event.server, sighting, look);
    const isTold = event.type === 'finding' && this.#told.has(event.rule);
    const said = sentence === undefined || isTold ? '' : sentenceRow(event, sentence, look);
    const found = findings.map((finding) => findingRow(event.server, finding, look));
    const text = [rows ?? '', said, ...found].join('');
    if (text === '' || this.#isBegun) return text;
    this.#isBegun = true;
    return `${theme.dim(wireHead(columns))}\n${text}`;
  }
}
