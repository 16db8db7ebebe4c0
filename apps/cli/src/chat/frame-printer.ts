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

  /** The lines for an event; undefined for one that the verbose view has nothing of its own for. */
  text(event: ServerEvent): string | undefined {
    const name = this.#several ? event.server : '';
    const prefix = name === '' ? '' : `${visible(name)}: `;
    switch (event.type) {
      case 'frame':
        return frameText(this.#of(event.server).see(event.frame), this.#theme, name);
      case 'stderr':
        return `${this.#theme.warn('  !')} ${this.#theme.dim(formatTime(event.us))}  ${prefix}${visible(event.text)}\n`;
      case 'server-started':
        return `${this.#theme.dim(`  * ${formatTime(event.us)}  ${prefix}started, pid ${event.pid}: ${visible(event.command.join(' '))}`)}\n`;
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
