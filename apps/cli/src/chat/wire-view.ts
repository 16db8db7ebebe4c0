import type { ServerEvent } from '@mcp-dbg/core';

import { serverEventText } from '../render/server-event-text.ts';
import { wireHead } from '../render/wire-columns.ts';
import { type WireLook, eventRow, frameText, sentenceRow } from '../render/wire-text.ts';
import type { RecentWire } from './recent-wire.ts';

/** The verbose view: every frame, line of stderr and turn of a process as rows, in the order in which they happen. */
export class WireView {
  readonly #wire: RecentWire;
  readonly #look: () => WireLook;
  #isBegun = false;

  constructor(wire: RecentWire, look: () => WireLook) {
    this.#wire = wire;
    this.#look = look;
  }

  /** Takes every event, shown or not. Gives the way to make its rows, each ended by a newline; '' where it has none. */
  see(event: ServerEvent): () => string {
    const sighting = this.#wire.see(event);
    return () => {
      const look = this.#look();
      const { theme, columns } = look;
      const rows = sighting === undefined ? eventRow(event, look) : frameText(event.server, sighting, look);
      const sentence = serverEventText(event, theme);
      const said = sentence === undefined ? '' : sentenceRow(event, sentence, look);
      const text = (rows ?? '') + said;
      if (text === '' || this.#isBegun) return text;
      this.#isBegun = true;
      return `${theme.dim(wireHead(columns))}\n${text}`;
    };
  }
}
