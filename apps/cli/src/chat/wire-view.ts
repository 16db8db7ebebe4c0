import type { ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';

import { wireHead } from '../render/wire-columns.ts';
import { type WireLook, eventRow, frameText, sentenceRow } from '../render/wire-text.ts';

/** The verbose view: every frame, line of stderr and turn of a process as rows, in the order in which they happen. */
export class WireView {
  readonly #look: () => WireLook;
  #isBegun = false;

  constructor(look: () => WireLook) {
    this.#look = look;
  }

  /** The rows of an event, each ended by a newline, its sentence among them; '' for one that has none. */
  rows(event: ServerEvent, sighting: Sighting | undefined, sentence: string | undefined): string {
    const look = this.#look();
    const { theme, columns } = look;
    const rows = sighting === undefined ? eventRow(event, look) : frameText(event.server, sighting, look);
    const said = sentence === undefined ? '' : sentenceRow(event, sentence, look);
    const text = (rows ?? '') + said;
    if (text === '' || this.#isBegun) return text;
    this.#isBegun = true;
    return `${theme.dim(wireHead(columns))}\n${text}`;
  }
}
