import type { Socket } from 'node:net';

import type { HeldFrame, HoldDesk, HoldEvent, Verdict } from '@mcp-dbg/relay/hold';

import { BoundedLines } from './bounded-lines.ts';
import { type FromProxy, heldMessage, passedMessage, readCommand } from './live-message.ts';

/** Bytes of one line of a viewer, and of a frame that it is shown whole. */
const MAX_LINE = 32 * 1024 * 1024;

/**
 * Bytes that wait for a viewer at most, and may wait of what it asked for when it asks for more. One that does not read
 * is cut off; the traffic never waits for it.
 */
const MAX_WAITING = 4 * 1024 * 1024;

/** One connection of somebody who watches a proxy and decides about what it holds. */
export class Viewer {
  readonly #socket: Socket;
  readonly #desk: HoldDesk;
  readonly #lines = new BoundedLines(MAX_LINE);
  readonly #forget: () => void;
  /** What is held and was not told yet: it is told as the viewer reads, so that much of it is no reason to cut it off. */
  readonly #untold = new Map<number, HeldFrame>();
  /** Bytes that wait for the viewer: of what happened, and of frames that it wanted to see whole. */
  readonly #waiting = { news: 0, shown: 0 };

  constructor(socket: Socket, desk: HoldDesk, hello: FromProxy) {
    this.#socket = socket;
    this.#desk = desk;
    this.#forget = desk.watch((event) => this.#safely(() => this.#see(event)));
    socket.on('data', (chunk: Buffer) => this.#safely(() => this.#take(chunk)));
    // A viewer that is gone (EPIPE, ECONNRESET) closes; nobody else is to know.
    socket.on('error', () => {});
    socket.on('drain', () => this.#safely(() => this.#tellHeld()));
    socket.once('close', this.#forget);
    this.#say(hello);
    for (const held of desk.held) this.#untold.set(held.number, held);
    this.#tellHeld();
  }

  /** Says goodbye. */
  end(): void {
    this.#forget();
    this.#say({ type: 'bye' });
    this.#socket.end();
  }

  /** Cuts the connection. */
  cut(): void {
    this.#forget();
    this.#socket.destroy();
  }

  /** Whatever goes wrong with a viewer, such as a text that is too long for a string, is its affair and not the traffic's. */
  #safely(act: () => void): void {
    try {
      act();
    } catch {
      this.cut();
    }
  }

  #see(event: HoldEvent): void {
    switch (event.kind) {
      case 'held':
        this.#untold.set(event.held.number, event.held);
        return this.#tellHeld();
      case 'passed':
        return this.#say(passedMessage(event));
      case 'settled':
        // What it never learned of need not be taken back.
        if (this.#untold.delete(event.number)) return;
        return this.#say({ type: 'settled', number: event.number, how: event.how, ms: event.ms });
      case 'off':
        return this.#say({ type: 'off', reason: event.reason });
    }
  }

  #tellHeld(): void {
    for (const [number, held] of this.#untold) {
      if (this.#socket.writableNeedDrain) return;
      this.#untold.delete(number);
      this.#say(heldMessage(held, this.#desk.leftMs(held)));
    }
  }

  #take(chunk: Uint8Array): void {
    const lines = this.#lines.push(chunk);
    if (lines === undefined) {
      this.#say({ type: 'refused', re: null, code: 'TOO_LONG', message: `A line has ${MAX_LINE} bytes at most` });
      this.#socket.end();
      return this.cut();
    }
    for (const line of lines) if (line.trim() !== '') this.#do(line);
  }

  #do(line: string): void {
    const command = readCommand(line);
    if ('problem' in command)
      return this.#say({ type: 'refused', re: command.re, code: 'BAD_COMMAND', message: command.problem });
    const { re } = command;
    switch (command.do) {
      case 'all':
        return this.#say({ type: 'done', re, behind: null, isJson: true, frames: this.#desk.acceptAll() });
      case 'show':
        return this.#show(re, command.number);
      case 'add':
        return this.#answer(re, this.#desk.add(command.to, command.text));
      case 'accept':
      case 'drop':
        return this.#answer(re, this.#desk.decide(command.number, { kind: command.do }));
      case 'edit':
      case 'reply':
        return this.#answer(re, this.#desk.decide(command.number, { kind: command.do, text: command.text }));
    }
  }

  #show(re: number, number: number): void {
    const held = this.#desk.held.find((each) => each.number === number);
    if (held === undefined) {
      this.#say({ type: 'refused', re, code: 'NOT_HELD', message: `Frame ${number} is not held` });
      return;
    }
    if (held.bytes.length > MAX_LINE) {
      const message = `Frame ${number} has ${held.bytes.length} bytes, and ${MAX_LINE} can be shown; the capture has it once it goes on`;
      this.#say({ type: 'refused', re, code: 'TOO_LONG', message });
      return;
    }
    this.#say({ ...heldMessage(held, this.#desk.leftMs(held), true), type: 'frame', re }, 'shown');
  }

  #answer(re: number, verdict: Verdict): void {
    if (verdict.kind === 'refused') this.#say({ type: 'refused', re, code: verdict.code, message: verdict.message });
    else this.#say({ type: 'done', re, behind: verdict.behind ?? null, isJson: verdict.isJson, frames: null });
  }

  #say(message: FromProxy, as: 'news' | 'shown' = 'news'): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#waiting[as] > MAX_WAITING) return this.cut();
    const line = Buffer.from(`${JSON.stringify(message)}\n`);
    this.#waiting[as] += line.length;
    this.#socket.write(line, () => (this.#waiting[as] -= line.length));
  }
}
