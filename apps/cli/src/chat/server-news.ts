import type { ServerEvent } from '@mcp-dbg/core';

import { noiseText } from '../render/noise-text.ts';
import { serverEventText } from '../render/server-event-text.ts';
import type { Theme } from '../render/theme.ts';

/** What is said of servers, and what of it need not be said again. */
export class ServerNews {
  readonly #theme: Theme;
  readonly #told = new Set<string>();
  /** Servers behind a URL. */
  readonly #remote = new Set<string>();
  /** Servers that work, what was told of them when they were ready last, and why those that do not start fail. */
  readonly #ready = new Set<string>();
  readonly #connected = new Map<string, string>();
  readonly #reasons = new Map<string, string>();

  constructor(theme: Theme) {
    this.#theme = theme;
  }

  /** The sentence of an event, told shorter where it was told before; to be called once for each. */
  sentence(event: ServerEvent): string | undefined {
    return serverEventText(event, this.#theme, this.#isKnown(event));
  }

  /**
   * What people hear of an event who do not watch the wire: noise and each kind of breach once, and what becomes of
   * servers. Undefined for nothing.
   */
  line(event: ServerEvent, sentence: string | undefined): string | undefined {
    if (event.type === 'server-started' && event.pid === null) this.#remote.add(event.server);
    const noise = noiseText(event, this.#theme, this.#remote.has(event.server));
    const isQuiet = this.#isToldElsewhere(event);
    if (event.type === 'server-ready') this.#ready.add(event.server);
    if (event.type === 'server-ended') this.#ready.delete(event.server);
    if (noise !== undefined) return this.#isFirst(`${event.server} noise`) ? noise : undefined;
    const isRepeated = event.type === 'finding' && !this.#isFirst(`${event.server} ${event.rule}`);
    return isQuiet || isRepeated ? undefined : sentence;
  }

  #isKnown(event: ServerEvent): boolean {
    if (event.type === 'server-ready') return event.again;
    if (event.type !== 'server-start-failed') return false;
    const isKnown = this.#reasons.get(event.server) === event.reason;
    this.#reasons.set(event.server, event.reason);
    return isKnown;
  }

  /** A start that failed has a line of its own, and so has one that brings a server back as it was. */
  #isToldElsewhere(event: ServerEvent): boolean {
    if (event.type === 'server-ended') return event.asked || !this.#ready.has(event.server);
    if (event.type !== 'server-ready') return false;
    const { era, protocolVersion, name, version, tools } = event;
    const said = JSON.stringify([era, protocolVersion, name, version, tools.length]);
    const isSame = event.again && this.#connected.get(event.server) === said;
    this.#connected.set(event.server, said);
    return isSame;
  }

  #isFirst(key: string): boolean {
    const isFirst = !this.#told.has(key);
    this.#told.add(key);
    return isFirst;
  }
}
