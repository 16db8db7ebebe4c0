import type { Socket } from 'node:net';

import type { HoldDesk, HoldEvent, Verdict } from '@mcp-dbg/relay/hold';

import { BoundedLines } from './bounded-lines.ts';
import { type FromProxy, heldMessage, passedMessage, readCommand } from './live-message.ts';

/** Bytes of one line of a viewer, and of a frame that it is shown whole. */
const MAX_LINE = 32 * 1024 * 1024;

/** Bytes that wait for a viewer at most. One that does not read is cut off; the traffic never waits for it. */
const MAX_WAITING = 4 * 1024 * 1024;

/** One connection of somebody who watches a proxy and decides about what it holds. */
export class Viewer {
  readonly #socket: Socket;
  readonly #desk: HoldDesk;
  readonly #lines = new BoundedLines(MAX_LINE);
  readonly #forget: () => void;

  constructor(socket: Socket, desk: HoldDesk, hello: FromProxy) {
    this.#socket = socket;
    this.#desk = desk;
    this.#forget = desk.watch((event) => this.#safely(() => this.#see(event)));
    socket.on('data', (chunk: Buffer) => this.#safely(() => this.#take(chunk)));
    // A viewer that is gone (EPIPE, ECONNRESET) closes; nobody else is to know.
    socket.on('error', () => {});
    socket.once('close', this.#forget);
    this.#say(hello);
    for (const held of desk.held) this.#say(heldMessage(held, desk.leftMs(held)));
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
        return this.#say(heldMessage(event.held, this.#desk.leftMs(event.held)));
      case 'passed':
        return this.#say(passedMessage(event));
      case 'settled':
        return this.#say({ type: 'settled', number: event.number, how: event.how, ms: event.ms });
      case 'off':
        return this.#say({ type: 'off', reason: event.reason });
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
    this.#say({ ...heldMessage(held, this.#desk.leftMs(held), true), type: 'frame', re });
  }

  #answer(re: number, verdict: Verdict): void {
    if (verdict.kind === 'refused') this.#say({ type: 'refused', re, code: verdict.code, message: verdict.message });
    else this.#say({ type: 'done', re, behind: verdict.behind ?? null, isJson: verdict.isJson, frames: null });
  }

  #say(message: FromProxy): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > MAX_WAITING) return this.cut();
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }
}
