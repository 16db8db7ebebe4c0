import type { Sender } from '@mcp-dbg/wire';

import { faultStage } from '../../src/faults/fault-stage.ts';
import { parseFault } from '../../src/faults/parse-fault.ts';
import type { FaultEvent, NoteEvent } from '../../src/relay-event.ts';
import { PacedWriter } from '../../src/paced-writer.ts';
import { RelayFrame } from '../../src/relay-frame.ts';
import { HandClock } from '../hand-clock.ts';

/** Fault rules between a client and a server that are not there, with a clock that is moved by hand. */
export interface Harness {
  /** Lets the clock go on, and everything run that is due by then. */
  pass(ms: number): void;
  client(text: string): void;
  server(text: string): void;
  raw(from: Sender, bytes: Uint8Array, by?: 'mcp-dbg'): void;
  piece(from: Sender, text: string): void;
  /** What each peer got so far, as text. */
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
  /** Every frame that was passed on, in order. */
  readonly passed: readonly RelayFrame[];
  readonly faults: readonly FaultEvent[];
  readonly notes: readonly NoteEvent[];
  /** What was done to the server, in words. */
  readonly done: readonly string[];
  /** Records and frames as they came, in one order: `fault …`, `client …`, `server …`. */
  readonly story: readonly string[];
  readonly held: Readonly<Record<Sender, number>>;
  readonly timers: number;
  /** No frame of this sender comes any more. */
  ended(sender: Sender): void;
  close(): void;
  stderr(): number;
}

export function harness(rules: readonly string[] | string, seed = 1): Harness {
  let pid: number | undefined = 4101;
  const passed: RelayFrame[] = [];
  const faults: FaultEvent[] = [];
  const notes: NoteEvent[] = [];
  const done: string[] = [];
  const story: string[] = [];
  const held = { client: 0, server: 0 };
  let flooded = 0;
  const clock = new HandClock();
  const holds = (from: Sender, bytes: number): void => {
    held[from] += bytes;
  };
  const writer = (from: Sender): PacedWriter =>
    new PacedWriter({
      write: (frame) => {
        passed.push(frame);
        story.push(`${frame.from} ${textOf(frame)}`);
        return true;
      },
      holds: (bytes) => holds(from, bytes),
      clock,
    });
  const writers = { client: writer('client'), server: writer('server') };
  const make = faultStage(
    [rules].flat().map((rule) => parseFault(rule)),
    {
      seed,
      server: 'weather',
      clock,
    },
  );
  const stage = make({
    toServer: (frame) => writers.client.write(frame),
    toClient: (frame) => writers.server.write(frame),
    record: (event) => {
      if (event.kind === 'note') notes.push(event);
      else {
        faults.push(event);
        story.push(`fault ${event.action}`);
      }
    },
    show: () => {},
    holds,
    server: {
      get pid() {
        return pid;
      },
      kill: (signal, as) => {
        done.push(as === undefined ? `kill ${signal}` : `exit ${as.code}`);
        story.push(`kill`);
        pid = undefined;
      },
      endOf: (sender) => done.push(`eof ${sender}`),
      floodStderr: (bytes) => {
        flooded += bytes;
      },
      ignoreShutdown: () => done.push('ignores its end'),
      restart: async () => {},
    },
  });
  const raw = (from: Sender, bytes: Uint8Array, by?: 'mcp-dbg'): void => {
    const frame = new RelayFrame(from, bytes, { by, isMade: by !== undefined });
    if (from === 'client') stage.fromClient(frame);
    else stage.fromServer(frame);
  };
  return {
    pass: (ms) => clock.pass(ms),
    client: (text) => raw('client', Buffer.from(`${text}\n`)),
    server: (text) => raw('server', Buffer.from(`${text}\n`)),
    raw,
    piece: (from, text) => {
      const frame = new RelayFrame(from, Buffer.from(text), { isPiece: true });
      if (from === 'client') stage.fromClient(frame);
      else stage.fromServer(frame);
    },
    get toServer() {
      return passed.filter(({ from }) => from === 'client').map(textOf);
    },
    get toClient() {
      return passed.filter(({ from }) => from === 'server').map(textOf);
    },
    passed,
    faults,
    notes,
    done,
    story,
    held,
    get timers() {
      return clock.timers;
    },
    ended: (sender) => {
      stage.ended?.(sender);
      writers[sender].finish();
    },
    close: () => stage.close?.(),
    stderr: () => flooded,
  };
}

/** A request for a call of a tool, of the modern era unless said otherwise. */
export function call(id: number | string, tool = 'search', meta: object | null = MODERN): string {
  const params = { name: tool, arguments: {}, ...(meta && { _meta: meta }) };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

/** The answer to a request. */
export function answer(id: number | string | null, text = 'found'): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], resultType: 'complete' } });
}

export function textOf({ bytes }: RelayFrame): string {
  return Buffer.from(bytes).toString();
}
