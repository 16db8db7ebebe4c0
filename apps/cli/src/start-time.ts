import type { ServerEvent } from '@mcp-dbg/core';

/** How long a server took to open, as the wire tells it: from its start to the last thing that it said so far. */
export class StartTime {
  #startedUs = 0;
  #saidUs = 0;

  /** Takes an event; to be called until the server is open. */
  see(event: ServerEvent): void {
    if (event.type === 'server-started') this.#startedUs = this.#saidUs = event.us;
    if (event.type === 'frame' && event.frame.from === 'server') this.#saidUs = event.frame.endUs;
  }

  get ms(): number {
    return (this.#saidUs - this.#startedUs) / 1000;
  }
}
