// Long because each action has its case: what the client gets, and what the capture says.
import type { CaptureRecord } from '@mcp-dbg/capture';
import type { FaultName } from '@mcp-dbg/relay/faults';
import { processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { afterAll, describe, expect, it } from 'vitest';

import { endProxies } from '../transparency/driver.ts';
import { FaultyPeer } from './faulty-peer.ts';

afterAll(endProxies);

/** What the echo server answers to a call. */
const answer = (id: number | string): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"hi"}],"resultType":"complete",` +
  `"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"echo","version":"1.0.0"}}}}`;
const line = (id: number | string): string => `${answer(id)}\n`;
const lines = (count: number) => (text: string) => text.split('\n').length > count;

interface Case {
  readonly rule: string;
  /** Asks, and gives what came; nothing else is under way meanwhile. */
  readonly play: (peer: FaultyPeer, from: number) => Promise<void>;
  /** What the records of the faults say, where it is not the action as written. */
  readonly recorded?: readonly (string | RegExp)[];
}

/** Calls once and expects these bytes. */
function gets(id: number, expected: string | RegExp): Case['play'] {
  return async (peer, from) => {
    peer.call(id);
    const isEnough = (text: string): boolean =>
      typeof expected === 'string' ? text.length >= expected.length : expected.test(text);
    const text = await peer.since(from, isEnough, `the answer to ${id}`);
    if (typeof expected === 'string') expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  };
}

/** Those that leave the connection as it was, all tried on one. */
const LASTING: { readonly [name in FaultName]?: readonly Case[] } = {
  delay: [
    {
      rule: 'id:1 :: delay=60ms',
      play: async (peer, from) => {
        peer.call(1);
        peer.call(1001);
        expect(await peer.since(from, lines(2), 'both answers')).toBe(line(1001) + line(1));
      },
    },
  ],
  stall: [
    {
      rule: 'id:2 :: stall=60ms',
      play: async (peer, from) => {
        peer.call(2);
        peer.call(1002);
        expect(await peer.since(from, lines(2), 'both answers')).toBe(line(2) + line(1002));
      },
    },
  ],
  drip: [{ rule: 'id:3 :: drip=50b/2ms', play: gets(3, line(3)) }],
  bandwidth: [{ rule: 'id:4 :: bandwidth=4k', play: gets(4, line(4)) }],
  drop: [
    {
      rule: 'id:5 :: drop',
      play: async (peer, from) => {
        peer.call(5);
        peer.call(1005);
        expect(await peer.since(from, lines(1), 'the other answer')).toBe(line(1005));
      },
    },
  ],
  dup: [{ rule: 'id:6 :: dup', play: gets(6, line(6) + line(6)) }],
  reorder: [
    {
      rule: 'id:7,8 :: reorder=2',
      play: async (peer, from) => {
        peer.call(7);
        peer.call(8);
        expect(await peer.since(from, lines(2), 'both answers')).toBe(line(8) + line(7));
      },
      recorded: ['reorder=2', 'reorder=2'],
    },
  ],
  corrupt: [
    {
      rule: 'id:9 :: corrupt=bit',
      play: async (peer, from) => {
        peer.call(9);
        const text = await peer.since(from, (all) => all.length >= line(9).length, 'the answer');
        const bits = [...line(9)].map((char, at) => (char.charCodeAt(0) ^ text.charCodeAt(at)).toString(2));
        expect(bits.join('').replaceAll('0', '').length).toBe(1);
      },
    },
    {
      rule: 'id:10 :: corrupt=quote',
      play: async (peer, from) => {
        peer.call(10);
        const text = await peer.since(from, lines(1), 'the answer');
        expect(text).toHaveLength(line(10).length - 1);
        expect(text.replaceAll('"', '')).toBe(line(10).replaceAll('"', ''));
      },
    },
    {
      rule: 'id:11 :: corrupt=utf8',
      play: async (peer, from) => {
        peer.call(11);
        expect((await peer.since(from, lines(1), 'the answer')).replace('\xff', '')).toBe(line(11));
      },
    },
    { rule: 'id:12 :: corrupt=brace', play: gets(12, `${answer(12).slice(0, -1)}\n`) },
  ],
  truncate: [
    {
      rule: 'id:13 :: truncate=20b',
      play: async (peer, from) => {
        await gets(13, answer(13).slice(0, 20))(peer, from);
        await gets(1013, line(1013))(peer, from + 20);
      },
    },
  ],
  glue: [
    {
      rule: 'id:14 :: glue',
      play: async (peer, from) => {
        await gets(14, answer(14))(peer, from);
        await gets(1014, line(1014))(peer, from + answer(14).length);
      },
    },
  ],
  crlf: [{ rule: 'id:15 :: crlf', play: gets(15, `${answer(15)}\r\n`) }],
  blank: [{ rule: 'id:16 :: blank', play: gets(16, `\n${line(16)}`) }],
  bom: [{ rule: 'id:17 :: bom', play: gets(17, `\xef\xbb\xbf${line(17)}`) }],
  noise: [{ rule: 'id:18 :: noise="Loading, 3 of 4"', play: gets(18, `Loading, 3 of 4\n${line(18)}`) }],
  big: [
    {
      rule: 'id:19 :: big=1MiB',
      play: async (peer, from) => {
        peer.call(19);
        const text = await peer.since(from, lines(1), 'the answer');
        expect(text).toHaveLength(1024 * 1024);
        expect(JSON.parse(text)).toEqual(JSON.parse(line(19)));
      },
    },
  ],
  id: [
    { rule: 'id:20 :: id=string', play: gets(20, line('20')) },
    { rule: 'id:21 :: id=null', play: gets(21, line(21).replace('21', 'null')) },
    { rule: 'id:22 :: id=bogus', play: gets(22, line(900_000_001)) },
    { rule: 'id:23 :: id=dup', play: gets(23, line(22)) },
    {
      rule: 'id:24 :: id=swap',
      play: async (peer, from) => {
        peer.call(1024, 'slow', { ms: 40 });
        peer.call(24);
        const [first = '', second = ''] = (await peer.since(from, lines(2), 'both answers')).split('\n');
        expect(first).toBe(answer(1024));
        expect(second).toContain('"id":24');
        expect(second).toContain('waited 40 ms');
      },
      recorded: ['id=swap', 'id=swap'],
    },
  ],
  error: [
    {
      rule: 'id:25 :: error=-32000:"no, \\"never\\""',
      play: gets(25, '{"jsonrpc":"2.0","id":25,"error":{"code":-32000,"message":"no, \\"never\\""}}\n'),
    },
  ],
  toolerror: [
    {
      rule: 'id:26 :: toolerror="out of order"',
      play: gets(
        26,
        '{"jsonrpc":"2.0","id":26,"result":{"content":[{"type":"text","text":"out of order"}],"isError":true,"resultType":"complete"}}\n',
      ),
    },
  ],
  era: [
    {
      rule: 'id:27 :: era=legacy',
      play: async (peer, from) => {
        peer.send(27, 'server/discover');
        expect(await peer.since(from, lines(1), 'the answer')).toContain('"code":-32601');
      },
    },
    {
      rule: 'id:28 :: era=unsupported',
      play: async (peer, from) => {
        peer.send(28, 'server/discover');
        expect(await peer.since(from, lines(1), 'the answer')).toContain('"code":-32022');
      },
    },
    {
      rule: 'id:29 :: era=silent',
      play: async (peer, from) => {
        peer.send(29, 'server/discover');
        await gets(1029, line(1029))(peer, from);
      },
    },
  ],
  'stderr-flood': [
    {
      rule: 'id:30 :: stderr-flood=200KiB',
      play: async (peer, from) => {
        await gets(30, line(30))(peer, from);
        await waitFor(() => peer.stderr.length >= 200 * 1024, 'the flood');
        expect(peer.stderr).toHaveLength(200 * 1024);
      },
    },
  ],
  listchanged: [
    {
      rule: 'id:31 :: listchanged',
      play: async (peer, from) => {
        peer.send('news', 'subscriptions/listen', { notifications: { toolsListChanged: true } });
        const start = (await peer.since(from, lines(1), 'the stream')).length;
        peer.call(31);
        expect(await peer.since(from + start, lines(2), 'the news')).toBe(
          `${line(31)}{"jsonrpc":"2.0","method":"notifications/tools/list_changed",` +
            `"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"news"}}}\n`,
        );
      },
    },
  ],
};

/** Those that end something, each tried on a connection of its own. */
const FATAL: { readonly [name in FaultName]?: (rule: (text: string) => FaultyPeer) => Promise<void> } = {
  kill: async (start) => {
    const peer = start('tool:echo :: kill after=res');
    peer.call(1);
    await peer.since(0, lines(1), 'the answer');
    await peer.run.ended;
    const { signal, records, faults } = await peer.end();
    expect(signal).toBe('SIGKILL');
    expect(peer.got).toBe(line(1));
    expect(exitOf(records)).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(faults.map(({ action }) => action)).toEqual(['kill=SIGKILL']);
  },
  exit: async (start) => {
    const peer = start('tool:echo :: drop,exit=3');
    peer.call(1);
    await peer.run.ended;
    const { code, records, faults, toServer } = await peer.end();
    expect([code, peer.got, toServer]).toEqual([3, '', '']);
    expect(exitOf(records)).toMatchObject({ code: 3, signal: null });
    expect(faults.map(({ action }) => action)).toEqual(['drop,exit=3']);
  },
  eof: async (start) => {
    const output = start('tool:echo :: eof=server after=res');
    output.call(1);
    await waitFor(() => output.isEnded, 'the end of the output');
    expect(output.got).toBe(line(1));
    expect((await output.end()).faults.map(({ action }) => action)).toEqual(['eof=server']);
    const input = start('tool:echo :: eof=client after=res');
    input.call(1);
    await input.run.ended;
    const { code, records } = await input.end();
    expect([code, input.got]).toEqual([0, line(1)]);
    expect(records.some((record) => record.t === 'eof' && record.from === 'client')).toBe(true);
  },
  'hang-exit': async (start) => {
    const peer = start(':: hang-exit');
    peer.call(1, 'pid', {});
    const [, pid = ''] = /"text":"(\d+)"/.exec(await peer.since(0, lines(1), 'the answer')) ?? [];
    peer.run.stdin.end();
    process.kill(peer.run.pid, 'SIGTERM');
    const { records, faults } = await peer.end();
    expect(faults.map(({ action }) => action)).toEqual(['hang-exit']);
    expect(records.flatMap((record) => (record.t === 'signal' ? [record.signal] : []))).toContain('SIGKILL');
    expect(records.some((record) => record.t === 'eof' && record.from === 'client')).toBe(false);
    expect(processIsAlive(Number(pid))).toBe(false);
  },
  stall: async (start) => {
    const peer = start('id:1 :: stall');
    peer.call(0);
    peer.call(1);
    peer.call(2);
    const { faults, toServer } = await peer.end();
    expect(faults.map(({ action }) => action)).toEqual(['stall']);
    expect(toServer).toContain('"id":2');
    expect(peer.got).toBe(line(0));
  },
};

function exitOf(records: readonly CaptureRecord[]): CaptureRecord | undefined {
  return records.find(({ t }) => t === 'exit');
}

const cases = Object.values(LASTING).flat();

describe('through the proxy', () => {
  it('each action shows on the wire of a real server, and in the capture with the frame as it came', async () => {
    const peer = new FaultyPeer([], { file: cases.map(({ rule }) => rule) });
    const parts: { readonly rule: string; readonly from: number }[] = [];
    for (const { rule, play } of cases) {
      const from = peer.got.length;
      parts.push({ rule, from });
      await play(peer, from).catch((error: unknown) => {
        throw new Error(`The rule ${rule} did something else`, { cause: error });
      });
    }
    const { code, records, faults, toClient } = await peer.end();
    expect(code).toBe(0);
    // What is on record is what the client got, byte for byte.
    expect(toClient).toBe(peer.got);
    for (const { rule, recorded } of cases) {
      const own = faults.filter((fault) => fault.rule === rule);
      const action = rule.slice(rule.indexOf(':: ') + 3);
      expect(
        own.map((fault) => fault.action),
        rule,
      ).toEqual(recorded ?? [action]);
      for (const { original, from } of own) {
        const [id = ''] = /\d+/.exec(rule) ?? [];
        expect(Buffer.from(original ?? []).toString(), rule).toMatch(
          from === 'client'
            ? /^\{.*"method".*\}\n$/
            : new RegExp(String.raw`^\{.*"id":(?:${id}|8|1024),"result".*\}\n$`),
        );
      }
    }
    expect(records.find(({ t }) => t === 'note')).toMatchObject({ text: expect.stringContaining('seed 7') });
    const ours = records.flatMap((record) => (record.t === 'data' && record.by === 'mcp-dbg' ? [record] : []));
    const theirs = records.flatMap((record) => (record.t === 'data' && record.by === undefined ? [record] : []));
    expect(ours.length).toBeGreaterThan(20);
    for (const { from, bytes } of theirs) {
      const text = Buffer.from(bytes).toString();
      if (from === 'server' && text.endsWith('\n') && text.startsWith('{'))
        expect(() => void JSON.parse(text)).not.toThrow();
    }
  });

  it.each(Object.entries(FATAL))('%s ends what it says, and is on record', async (_, expectEnd) => {
    await expectEnd((rule) => new FaultyPeer([rule], { own: ['--kill-after', '50'] }));
  });

  it('what does not fire passes as it came, marked as the peers own', async () => {
    const peer = new FaultyPeer(['id:999 :: drop', 'tool:echo :: drop p=0.000001']);
    peer.call(1);
    await peer.since(0, lines(1), 'the answer');
    const { records, faults, toServer } = await peer.end();
    expect(faults).toEqual([]);
    expect(peer.got).toBe(line(1));
    expect(toServer).toContain('"id":1');
    expect(records.every((record) => record.t !== 'data' || record.by === undefined)).toBe(true);
  });

  it('a rule that cannot be read is told with its place, and nothing is started', async () => {
    const peer = new FaultyPeer(['tool:echo :: dleay=2s']);
    const { code } = await peer.run.ended;
    expect(code).toBe(125);
    expect(peer.stderr).toBe(
      'mcp-dbg: I do not know the action "dleay" (did you mean "delay"?)\ntool:echo :: dleay=2s\n             ^^^^^\n',
    );
  });
});

const TRIED: { readonly [name in FaultName]: true } = {
  delay: true,
  stall: true,
  drip: true,
  bandwidth: true,
  drop: true,
  dup: true,
  reorder: true,
  corrupt: true,
  truncate: true,
  glue: true,
  crlf: true,
  blank: true,
  bom: true,
  noise: true,
  big: true,
  id: true,
  error: true,
  toolerror: true,
  kill: true,
  exit: true,
  eof: true,
  'hang-exit': true,
  'stderr-flood': true,
  era: true,
  listchanged: true,
};

it('every action is tried here', () => {
  expect(new Set([...Object.keys(LASTING), ...Object.keys(FATAL)])).toEqual(new Set(Object.keys(TRIED)));
});
