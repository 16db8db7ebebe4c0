import type { LoopEvent, ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';

import type { Io } from '../io.ts';
import { contentText } from '../render/content-text.ts';
import { safeJson } from '../render/visible.ts';
import type { TextView } from './text-view.ts';
import type { View } from './view.ts';

/** A chat for programs: one event a line on stdout. What has no event is said to people on stderr. */
export class JsonView implements View {
  verbose: boolean;
  readonly #io: Io;
  readonly #people: TextView;

  constructor(io: Io, people: TextView, verbose: boolean) {
    this.#io = io;
    this.#people = people;
    this.verbose = verbose;
  }

  server(event: ServerEvent, sighting: Sighting | undefined): void {
    const { server } = event;
    switch (event.type) {
      case 'frame':
        if (this.verbose)
          this.#print({ type: 'frame', server, from: event.frame.from, us: event.frame.us, ...raw(event.frame.bytes) });
        return;
      case 'server-ended': {
        const { pid, code, signal, stderr, inFlight } = event;
        if (!event.asked)
          this.#print({ type: 'server-ended', server, pid, code, signal, stderr: stderr ?? null, inFlight });
        return;
      }
      case 'server-restarted':
        this.#print({ type: 'server-restarted', server, pid: event.pid, attempt: event.attempt });
        return;
      case 'finding':
      case 'list-changed':
      case 'log':
      case 'notice':
      case 'resource-updated':
      case 'server-ready':
      case 'server-start-failed':
      case 'server-started':
      case 'server-waiting':
      case 'stderr':
      case 'tools-changed':
        this.#people.server(event, sighting);
    }
  }

  loop(event: LoopEvent, isByHand = false): void {
    switch (event.type) {
      case 'text':
      case 'tool-call':
        this.#print(event);
        return;
      case 'tool-progress':
        return;
      case 'tool-result':
        this.#print({ type: event.type, id: event.id, isError: event.isError, content: event.content });
        if (event.outputFault !== undefined) this.#people.warn(`Mind: ${event.outputFault}`);
        if (isByHand && !event.isError) this.#people.aside(contentText(event.content));
        return;
      case 'stopped':
        this.#print({ type: event.type, reason: event.reason });
        if (event.reason === 'api-error' || event.reason === 'no-model') this.#people.loop(event);
    }
  }

  asked(): void {}

  found(text: string): void {
    this.#people.aside(text);
  }

  say(text: string): void {
    this.#people.say(text);
  }

  warn(text: string): void {
    this.#people.warn(text);
  }

  waiting(): void {}

  #print(event: object): void {
    this.#people.above(`${safeJson(JSON.stringify(event))}\n`, this.#io.stdout);
  }
}

function raw(bytes: Uint8Array): object {
  try {
    return { raw: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { raw: null, rawBase64: Buffer.from(bytes).toString('base64') };
  }
}
