import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';

import { type Running, jsonLines, scratch, start } from '../driver.ts';

type Event = Readonly<Record<string, unknown>>;

/** A home for a proxy and those who attach to it: they find each other by it. Its path is short, as that of a socket must be. */
export function newHome(): string {
  return mkdtempSync(join(scratch, 'h'));
}

/** The folder in which the proxies of a home listen. */
export function liveFolderOf(home: string): string {
  return join(home, '.local', 'state', 'mcp-dbg', 'live');
}

/** Where the proxies of a home listen. */
export function placesOf(home: string): readonly string[] {
  return readdirSync(liveFolderOf(home)).map((name) => join(liveFolderOf(home), name));
}

/** The newest capture of a home, as text. */
export function captureOf(home: string): string {
  const folder = join(home, '.local', 'state', 'mcp-dbg', 'captures');
  const newest = readdirSync(folder).toSorted().at(-1);
  return newest === undefined ? '' : readFileSync(join(folder, newest), 'utf8');
}

/** A proxy that holds frames, and the client that a test is to it. */
export class HeldProxy {
  readonly home: string;
  readonly program: Running;

  /** `own` are its options, such as `--hold FILTER`. */
  constructor(own: readonly string[], { home = newHome(), server = fixture('echo') } = {}) {
    this.home = home;
    this.program = start(['proxy', ...own, '--', process.execPath, server], { env: { HOME: home } });
  }

  says(message: object): void {
    this.program.write(`${JSON.stringify(message)}\n`);
  }

  /** Says hello as a client of the legacy era does, and waits until the server has answered. */
  async opens(): Promise<this> {
    const clientInfo = { name: 'test', version: '1' };
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
    this.says({ jsonrpc: '2.0', id: 'hello', method: 'initialize', params });
    await this.answer('hello');
    this.says({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return this;
  }

  calls(id: number, text: string): void {
    this.says({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: { text } } });
  }

  /** What the client has got. */
  get got(): readonly string[] {
    return this.program.stdout.split('\n').slice(0, -1);
  }

  /** The line that answers a request. */
  async answer(id: number | string): Promise<string> {
    const isIt = (line: string): boolean => line.includes(`"id":${JSON.stringify(id)}`) && !line.includes('"method"');
    await this.program.until(() => this.got.some(isIt), `the answer to request ${id}`);
    return this.got.find(isIt) ?? '';
  }

  /** Ends as a client does, and waits for the proxy's end. */
  async closes(): Promise<void> {
    this.program.child.stdin?.end();
    await this.program.ended;
  }
}

/** Somebody at a proxy who gives commands through a pipe and reads JSON lines. */
export class Attached {
  readonly program: Running;

  constructor(home: string, argv: readonly string[] = []) {
    this.program = start(['attach', ...argv, '--json'], { env: { HOME: home } });
  }

  get events(): readonly Event[] {
    return jsonLines(this.program.stdout.slice(0, this.program.stdout.lastIndexOf('\n') + 1));
  }

  types(line: string): void {
    this.program.write(`${line}\n`);
  }

  /** Waits for an event that has these members, behind those that were waited for before. */
  async sees(members: Event): Promise<Event> {
    const fits = (event: Event): boolean =>
      Object.entries(members).every(([key, value]) => JSON.stringify(event[key]) === JSON.stringify(value));
    const find = (): number => this.events.findIndex((event, index) => index >= this.#seen && fits(event));
    await this.program.until(() => find() !== -1, JSON.stringify(members));
    const at = find();
    this.#seen = at + 1;
    return this.events[at] ?? {};
  }
  #seen = 0;
}

/** A client that has opened its connection through a proxy, and somebody who is attached to that. */
export async function attached(
  own: readonly string[],
  options: { readonly home?: string; readonly server?: string } = {},
): Promise<{ readonly proxy: HeldProxy; readonly person: Attached }> {
  const proxy = await new HeldProxy(own, options).opens();
  const person = new Attached(proxy.home);
  await person.sees({ type: 'attached' });
  return { proxy, person };
}
