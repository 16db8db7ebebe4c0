import type { Sender } from '@mcp-dbg/wire';

import { faultStage } from '../../src/faults/fault-stage.ts';
import { parseFault } from '../../src/faults/parse-fault.ts';
import type { FaultEvent, NoteEvent } from '../../src/relay-event.ts';
import { RelayFrame } from '../../src/relay-frame.ts';
import type { Stage } from '../../src/stage.ts';

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** One row of fault rules between a client and a server that are not there, with a clock that is moved by hand. */
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
  readonly stage: Stage;
  stderr(): number;
}

export function harness(rules: readonly string[] | string, seed = 1): Harness {
  let now = 0;
  let pid: number | undefined = 4101;
  const due = new Set<Due>();
  const passed: RelayFrame[] = [];
  const faults: FaultEvent[] = [];
  const notes: NoteEvent[] = [];
  const done: string[] = [];
  const story: string[] = [];
  const held = { client: 0, server: 0 };
  let flooded = 0;
  const pass = (frame: RelayFrame): void => {
    passed.push(frame);
    story.push(`${frame.from} ${textOf(frame)}`);
  };
  const make = faultStage(
    [rules].flat().map((rule) => parseFault(rule)),
    {
      seed,
      server: 'weather',
      clock: {
        now: () => now,
        wallTime: () => '2026-11-20T20:40:00.000Z',
        after: (ms, run) => {
          const each = { at: now + ms, run };
          due.add(each);
          return () => due.delete(each);
        },
      },
    },
  );
  const stage = make({
    toServer: pass,
    toClient: pass,
    record: (event) => {
      if (event.kind === 'note') notes.push(event);
      else {
        faults.push(event);
        story.push(`fault ${event.action}`);
      }
    },
    show: () => {},
    holds: (from, bytes) => {
      held[from] += bytes;
    },
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
      stderr: (bytes) => {
        flooded += bytes.length;
      },
      ignoreShutdown: () => done.push('ignores its end'),
      restart: async () => {},
    },
  });
  const raw = (from: Sender, bytes: Uint8Array, by?: 'mcp-dbg'): void => {
    const frame = new RelayFrame(from, bytes, { by });
    if (from === 'client') stage.fromClient(frame);
    else stage.fromServer(frame);
  };
  return {
    pass: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = [...due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
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
      return due.size;
    },
    stage,
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
