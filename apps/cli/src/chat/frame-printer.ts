import type { ServerEvent } from '@mcp-dbg/core';
import { Exchanges } from '@mcp-dbg/protocol';

import { frameText } from '../render/frame-text.ts';
import { formatTime } from '../render/sizes.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

/** Makes the verbose view: every frame, stderr line and turn of a process, in the order in which they happen. */
export class FramePrinter {
  readonly #exchanges = new Map<string, Exchanges>();
  readonly #theme: Theme;
  readonly #several: boolean;

  constructor(theme: Theme, severalServers: boolean) {
    this.#theme = theme;
    this.#several = severalServers;
  }

  /**
   * Takes every event, shown or not, since an answer must find its request. Gives the way to make its lines;
   * undefined for an event that the verbose view has nothing of its own for.
   */
  see(event: ServerEvent): (() => string) | undefined {
    const name = this.#several ? event.server : '';
    const prefix = name === '' ? '' : `${visible(name)}: `;
    switch (event.type) {
      case 'frame': {
        const sighting = this.#of(event.server).see(event.frame, event.reading);
        return () => frameText(sighting, this.#theme, name);
      }
      case 'stderr':
        return () =>
          `${this.#theme.warn('  !')} ${this.#theme.dim(formatTime(event.us))}  ${prefix}${visible(event.text)}\n`;
      case 'server-started':
        return () =>
          `${this.#theme.dim(`  * ${formatTime(event.us)}  ${prefix}started, pid ${event.pid}: ${visible(event.command.join(' '))}`)}\n`;
      case 'server-ended':
        this.#exchanges.delete(event.server);
        return undefined;
      case 'finding':
      case 'notice':
      case 'server-ready':
      case 'server-restarted':
      case 'server-start-failed':
      case 'server-waiting':
      case 'tools-changed':
        return undefined;
    }
  }

  #of(server: string): Exchanges {
    const known = this.#exchanges.get(server) ?? new Exchanges();
    this.#exchanges.set(server, known);
    return known;
  }
}
