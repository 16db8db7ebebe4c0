import type { CaptureRecord, Source } from '@mcp-dbg/capture';
import { CaptureLinter } from '@mcp-dbg/capture/lint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Peer = 'client' | 'server';

/** Makes the records of a capture, a millisecond apart. */
class Told {
  readonly records: CaptureRecord[] = [];
  #us = 0;

  spawn(conn = 1): void {
    this.records.push({ t: 'spawn', ...this.#stamp(conn), pid: 1 });
  }

  exit(conn = 1, code = 0): void {
    this.records.push({ t: 'exit', ...this.#stamp(conn), code, signal: null });
  }

  eof(from: Source, conn = 1): void {
    this.records.push({ t: 'eof', ...this.#stamp(conn), from });
  }

  say(from: Peer, what: object | string, { by, conn = 1 }: { by?: 'mcp-dbg'; conn?: number } = {}): void {
    this.records.push({ t: 'data', ...this.#stamp(conn), from, bytes: line(what), ...(by !== undefined && { by }) });
  }

  fault(from: Peer, action: string, what: object | string): void {
    this.records.push({ t: 'fault', ...this.#stamp(1), from, action, rule: `x :: ${action}`, original: line(what) });
  }

  note(from: Peer, what: object | string, conn = 1): void {
    this.records.push({ t: 'note', ...this.#stamp(conn), text: 'not passed on', from, original: line(what) });
  }

  /** The rules that are broken, what is only worth knowing apart. */
  get rules(): readonly string[] {
    const linter = new CaptureLinter();
    const found = [...this.records.flatMap((record) => linter.push(record)), ...linter.end()];
    return found.filter(({ level }) => level !== 'info').map(({ rule, message }) => `${rule}: ${message}`);
  }

  #stamp(conn: number): { readonly seq: number; readonly us: number; readonly conn: number } {
    this.#us += 1000;
    return { seq: this.records.length, us: this.#us, conn };
  }
}

function line(what: object | string): Uint8Array {
  return new TextEncoder().encode(typeof what === 'string' ? what : `${JSON.stringify(what)}\n`);
}

const rpc = (id: number | string, method: string, params: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const notice = (method: string, params: object = {}): object => ({ jsonrpc: '2.0', method, params });
const result = (id: number | string, value: object): object => ({ jsonrpc: '2.0', id, result: value });
const failure = (id: number | string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code: -32000, message: 'The server ended' },
});
const call = (id: number | string): object =>
  rpc(id, 'tools/call', { name: 'search', arguments: {}, _meta: { progressToken: id } });
const found = (id: number | string): object => result(id, { content: [{ type: 'text', text: `hit ${id}` }] });

const INITIALIZE = rpc(0, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'host', version: '1' },
});
const WELCOME = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true }, logging: {} },
  serverInfo: { name: 's', version: '1' },
};
const INITIALIZED = notice('notifications/initialized');

function opened(): Told {
  const told = new Told();
  told.spawn();
  told.say('client', INITIALIZE);
  told.say('server', result(0, WELCOME));
  told.say('client', INITIALIZED);
  return told;
}

describe('what is not a peer’s own doing', () => {
  it('breaks no rule, and asks and answers all the same', () => {
    const told = opened();
    told.say('client', call(1));
    told.say('server', '{"jsonrpc":"2.0","id":1,"resu', { by: 'mcp-dbg' });
    told.say('server', '\n', { by: 'mcp-dbg' });
    told.say('server', found(1), { by: 'mcp-dbg' });
    told.say('server', result('1', {}), { by: 'mcp-dbg' });
    told.say('server', 'Loading…\n', { by: 'mcp-dbg' });
    told.eof('client');
    told.exit();
    expect(told.rules).toEqual([]);
  });

  it('hides no fault of a peer: the same is found in what it wrote itself', () => {
    const told = opened();
    told.say('client', call(1));
    told.fault('server', 'duplicate', found(7));
    told.say('server', found(7), { by: 'mcp-dbg' });
    told.say('server', result(99, {}));
    told.say('server', 'Loading…\n');
    told.say('client', rpc(1, 'ping'));
    expect(told.rules).toEqual([
      expect.stringMatching(/^json-rpc\/orphan: .*99/),
      expect.stringMatching(/^stdio\/not-json/),
      expect.stringMatching(/^json-rpc\/id-reused/),
    ]);
  });

  it('is half a line, where the rest was held until its reader was gone; any other is its writer’s', () => {
    const told = opened();
    const long = rpc(1, 'tools/call', { name: 'search', arguments: { for: 'x'.repeat(3000) } });
    told.fault('client', 'drip=9b/20s', long);
    told.say('client', JSON.stringify(long).slice(0, 2000));
    told.say('server', failure(1), { by: 'mcp-dbg' });
    told.say('server', '{"jsonrpc":');
    told.exit();
    expect(told.rules).toEqual([
      expect.stringMatching(/^stdio\/newline: The server/),
      expect.stringMatching(/^stdio\/interleaved: The server/),
    ]);
  });

  it('answers for a server that ended, whose end is still told', () => {
    const told = opened();
    told.say('client', call(1));
    told.say('server', failure(1), { by: 'mcp-dbg' });
    told.eof('server');
    told.exit(1, 3);
    told.say('client', call(2));
    told.say('server', failure(2), { by: 'mcp-dbg' });
    expect(told.rules).toEqual([
      expect.stringMatching(/^process\/exit-status: The server ended by itself with status 3/),
    ]);
  });

  it('is how a new process was opened in the client’s place', () => {
    const told = opened();
    told.exit(1, 1);
    told.spawn(2);
    const ours = { by: 'mcp-dbg', conn: 2 } as const;
    told.say('client', { ...INITIALIZE, id: 'mcp-dbg-1' }, ours);
    told.note('server', result('mcp-dbg-1', WELCOME), 2);
    told.say('client', INITIALIZED, ours);
    told.say('server', notice('notifications/tools/list_changed'), ours);
    told.say('client', rpc(4, 'tools/list'), { conn: 2 });
    told.say('server', result(4, { tools: [] }), { conn: 2 });
    told.eof('client', 2);
    told.exit(2);
    expect(told.rules).toEqual([expect.stringMatching(/^process\/exit-status/)]);
  });

  it.each(['fault', 'note'] as const)('is that an answer did not arrive (%s)', (kind) => {
    const told = opened();
    told.say('client', call(1));
    if (kind === 'fault') told.fault('server', 'drop', found(1));
    else told.note('server', found(1));
    told.exit(1, 1);
    expect(told.rules).toEqual([expect.stringMatching(/^process\/exit-status/)]);
  });
});

/** What is done to a frame. */
type Deed =
  | { readonly do: 'pass' | 'drop' | 'corrupt' | 'truncate' | 'duplicate' | 'twice' | 'noise' | 'id' | 'crlf' }
  | { readonly do: 'delay'; readonly by: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Deed>({ do: 'pass' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Deed>(
      ...(['drop', 'corrupt', 'truncate', 'duplicate', 'twice', 'noise', 'id', 'crlf'] as const).map((each) => ({
        do: each,
      })),
    ),
  },
  { weight: 2, arbitrary: fc.nat(6).map((by): Deed => ({ do: 'delay', by })) },
);

describe('a conversation of honest peers', () => {
  it('has no fault of theirs, whatever is done to their frames', () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 20, maxLength: 40 }), fc.boolean(), (deeds, ends) => {
        const told = opened();
        const meddler = new Meddler(told, deeds);
        for (let id = 1; id <= 6; id++) {
          // A server answers what it was sent, and nothing else.
          meddler.pass('client', call(id), () => {
            meddler.pass('server', notice('notifications/progress', { progressToken: id, progress: 1 }));
            if (id % 3 === 0) meddler.pass('server', notice('notifications/tools/list_changed'));
            meddler.pass('server', notice('notifications/progress', { progressToken: id, progress: 2 }));
            meddler.pass('server', found(id));
          });
        }
        meddler.releaseAll();
        if (ends) told.eof('client');
        told.exit(1, 0);
        expect(told.rules).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

interface Held {
  readonly from: Peer;
  readonly frame: object;
  readonly arrived: () => void;
  left: number;
}

/** Does to each frame what comes next, as a proxy does it that was told to. */
class Meddler {
  readonly #told: Told;
  readonly #deeds: Deed[];
  #held: Held[] = [];
  /** Those in the middle of a line. */
  readonly #cut = new Set<Peer>();

  constructor(told: Told, deeds: readonly Deed[]) {
    this.#told = told;
    this.#deeds = [...deeds];
  }

  /** Passes a frame on, or does not; `arrived` is called when it arrives such that it can be understood. */
  pass(from: Peer, frame: object, arrived: () => void = () => undefined): void {
    this.#release(({ left }) => left <= 0);
    for (const each of this.#held) each.left--;
    const next = this.#deeds.shift() ?? { do: 'pass' };
    if (next.do !== 'pass') this.#told.fault(from, next.do, frame);
    if (next.do === 'delay') this.#held.push({ from, frame, arrived, left: next.by });
    else if (this.#say(from, frame, next.do)) arrived();
  }

  releaseAll(): void {
    while (this.#held.length > 0) this.#release(() => true);
  }

  #release(isDue: (held: Held) => boolean): void {
    const due = this.#held.filter((each) => isDue(each));
    this.#held = this.#held.filter((each) => !due.includes(each));
    for (const { from, frame, arrived } of due) if (this.#say(from, frame, 'pass')) arrived();
  }

  #say(from: Peer, frame: object, what: Exclude<Deed['do'], 'delay'>): boolean {
    const told = this.#told;
    const ours = { by: 'mcp-dbg' } as const;
    const text = JSON.stringify(frame);
    // What goes on behind a line that was cut short is no message to anybody.
    const isAlone = !this.#cut.has(from);
    if (what !== 'drop') this.#cut.delete(from);
    switch (what) {
      case 'pass':
        told.say(from, frame);
        return isAlone;
      case 'drop':
        return false;
      case 'corrupt':
        told.say(from, `${text.replace(':', ';')}\n`, ours);
        return false;
      case 'truncate':
        told.say(from, text.slice(0, text.length / 2), ours);
        this.#cut.add(from);
        return false;
      case 'duplicate':
        told.say(from, frame);
        told.say(from, frame, ours);
        return true;
      case 'twice':
        told.say(from, frame, ours);
        told.say(from, frame);
        return true;
      case 'noise':
        told.say(from, 'noise\n', ours);
        told.say(from, frame);
        return true;
      case 'crlf':
        told.say(from, `${text}\r\n`, ours);
        return isAlone;
      case 'id':
        told.say(from, { ...frame, id: 'x' }, ours);
        return false;
    }
  }
}
