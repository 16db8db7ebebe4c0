import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

import { CliError } from '../exit-code.ts';
import { failure } from '../private-file.ts';
import { BoundedLines } from './bounded-lines.ts';
import { type Place, placeTrouble } from './live-folder.ts';
import { type FromProxy, LIVE_VERSION, type LiveCommand, readFromProxy } from './live-message.ts';

/** Bytes of one line of a proxy: a whole frame, and what JSON makes of it. */
const MAX_LINE = 512 * 1024 * 1024;

/** Milliseconds in which a proxy must say who it is. */
const HELLO_MS = 3000;

/** What a proxy says of itself. */
export type Hello = FromProxy & { readonly type: 'hello' };

/** What a proxy answers to a command. */
export type Answer = FromProxy & { readonly type: 'done' | 'refused' | 'frame' };

/** What a proxy tells by itself. */
export type News = FromProxy & { readonly type: 'held' | 'passed' | 'settled' | 'off' };

/** How a connection ended: in good order, since the proxy did; or without a word. */
export type Parting = 'bye' | 'gone';

/** A connection to a proxy that holds frames. */
export class AttachedProxy {
  readonly hello: Hello;
  /** Resolves when nothing more comes. */
  readonly parted: Promise<Parting>;
  readonly #socket: Socket;
  readonly #lines: BoundedLines;
  readonly #asked = new Map<number, (answer: Answer | undefined) => void>();
  /** What came before anybody listened. */
  readonly #early: News[] = [];
  #see: ((news: News) => void) | undefined;
  #re = 0;
  #parting: Parting = 'gone';

  /** Connects, and waits until the proxy has said who it is. Throws CliError `UNAVAILABLE` with the reason. */
  static async connect(place: Place, platform: NodeJS.Platform): Promise<AttachedProxy> {
    const trouble = placeTrouble(place, platform);
    if (trouble !== undefined) throw new CliError('UNAVAILABLE', trouble);
    const socket = connect(place.address);
    const lines = new BoundedLines(MAX_LINE);
    try {
      await once(socket, 'connect');
      const [first, ...others] = await firstLines(socket, lines);
      return new AttachedProxy(socket, lines, helloOf(first ?? ''), others);
    } catch (error) {
      socket.destroy();
      throw failure(error);
    }
  }

  private constructor(socket: Socket, lines: BoundedLines, hello: Hello, others: readonly string[]) {
    this.hello = hello;
    this.#socket = socket;
    this.#lines = lines;
    this.parted = new Promise((resolve) => {
      socket.once('close', () => {
        for (const answer of this.#asked.values()) answer(undefined);
        resolve(this.#parting);
      });
    });
    // 'close' follows.
    socket.on('error', () => {});
    for (const line of others) this.#take(line);
    socket.on('data', (chunk: Buffer) => {
      const taken = this.#lines.push(chunk);
      if (taken === undefined) socket.destroy();
      else for (const line of taken) this.#take(line);
    });
    socket.resume();
  }

  /** Calls back for what the proxy tells by itself, what it told until now included. */
  listen(see: (news: News) => void): void {
    this.#see = see;
    for (const news of this.#early.splice(0)) see(news);
  }

  /** Gives the proxy a command; undefined where it is gone. */
  async ask(command: LiveCommand): Promise<Answer | undefined> {
    const re = ++this.#re;
    return await new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve(undefined);
      this.#asked.set(re, resolve);
      this.#socket.write(`${JSON.stringify({ v: LIVE_VERSION, re, ...command })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(line: string): void {
    const message = readFromProxy(line);
    switch (message?.type) {
      case 'bye':
        this.#parting = 'bye';
        this.#socket.end();
        break;
      case 'done':
      case 'frame':
      case 'refused':
        if (message.re === null) return;
        this.#asked.get(message.re)?.(message);
        this.#asked.delete(message.re);
        break;
      case 'held':
      case 'off':
      case 'passed':
      case 'settled':
        if (this.#see === undefined) this.#early.push(message);
        else this.#see(message);
        break;
      case 'hello':
      case undefined:
        // A proxy of another version may say more than we know.
        break;
    }
  }
}

/** Waits for the first whole line, and gives those that came with it. */
async function firstLines(socket: Socket, lines: BoundedLines): Promise<readonly string[]> {
  return await new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      socket.off('data', take).off('close', fail).pause();
    };
    const refuse = (reason: string): void => {
      stop();
      reject(new CliError('UNAVAILABLE', reason));
    };
    const fail = (): void => refuse('it ended just now');
    const take = (chunk: Buffer): void => {
      const taken = lines.push(chunk);
      if (taken === undefined) return refuse('it says more than mcp-dbg would');
      if (taken.length === 0) return;
      stop();
      resolve(taken);
    };
    const timer = setTimeout(() => refuse('it does not say who it is; its process may be stopped'), HELLO_MS);
    socket
      .on('error', () => {})
      .on('data', take)
      .once('close', fail);
  });
}

function helloOf(line: string): Hello {
  const message = readFromProxy(line);
  if (message?.type === 'refused') throw new CliError('UNAVAILABLE', message.message);
  if (message?.type !== 'hello')
    throw new CliError('UNAVAILABLE', 'it speaks in a way that this mcp-dbg does not know');
  if (message.v === LIVE_VERSION) return message;
  throw new CliError('UNAVAILABLE', 'another version of mcp-dbg runs there; attach with that one');
}
