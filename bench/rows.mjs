// The rows of the table, each a function of the number of rounds that gives one or more figures.
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { crashToUsable } from './crash.mjs';
import { atLeast, atMost, figure, interleaved, median, percentile } from './measure.mjs';
import { BETWEEN, MCP_DBG, NODE, Peer, SERVER, cpuMs, memoryMb, runTime, timed } from './peer.mjs';
import { query, stats } from './questions.mjs';
import { rawTools } from './raw-tools.mjs';

const { direct, pipe, ours } = BETWEEN;
const MB = 1024 * 1024;
const SDK_SERVER = [
  process.execPath,
  fileURLToPath(new URL('../packages/testkit/servers/sdk-v2.mjs', import.meta.url)),
];

/** Runs `use` on a client that has had its first answer, and ends everything afterwards. */
const through = (between, use) => async () => {
  const peer = new Peer(between(SERVER));
  await peer.ask();
  const result = await use(peer);
  await peer.close();
  return result;
};

async function latency(rounds) {
  const pingPong = async (peer) => {
    for (let warm = 0; warm < 300; warm++) await peer.ask();
    const times = [];
    for (let turn = 0; turn < 2500; turn++) times.push(await timed(() => peer.ask()));
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  };
  const results = await interleaved(rounds, {
    direct: through(direct, pingPong),
    pipe: through(pipe, pingPong),
    ours: through(ours, pingPong),
  });
  return ['p50', 'p99'].map((share) => {
    const added = (name) => (round) => round[name][share] - round.direct[share];
    const value = median(results, (round) => added('ours')(round) / added('pipe')(round));
    const micros = (name) => `${(median(results, added(name)) * 1000).toFixed(0)} µs`;
    return figure(
      `added latency ${share}, vs the bare pipe`,
      value,
      atMost(share === 'p50' ? 1.2 : 1.5),
      `${micros('ours')} / ${micros('pipe')}`,
    );
  });
}

async function pipelined(rounds) {
  const messages = 150_000;
  const run = async (peer) => {
    await peer.pipeline(20_000, 64);
    const cpu = cpuMs(peer.pid);
    const ms = await timed(() => peer.pipeline(messages, 64));
    return { rate: messages / ms, cpu: (cpuMs(peer.pid) ?? Number.NaN) - (cpu ?? 0) };
  };
  const results = await interleaved(rounds, { pipe: through(pipe, run), ours: through(ours, run) });
  const micros = (name) => ((median(results, (round) => round[name].cpu) * 1000) / messages).toFixed(2);
  return [
    ratio(
      'pipelined messages',
      results,
      (result) => result.rate,
      atLeast(0.85),
      (rate) => `${rate.toFixed(0)}k/s`,
    ),
    figure(
      'processor time per message',
      median(results, (round) => round.ours.cpu / round.pipe.cpu),
      atMost(1.7),
      `${micros('ours')} / ${micros('pipe')} µs`,
    ),
  ];
}

async function flood(rounds) {
  const messages = 300_000;
  const run = async (peer) => {
    const ms = await timed(async () => {
      const come = peer.lines(messages + 1);
      peer.child.stdin.write(`F${messages}\n`);
      await come;
    });
    return messages / ms;
  };
  const results = await interleaved(rounds, { pipe: through(pipe, run), ours: through(ours, run) });
  return [
    ratio(
      'flood of notifications',
      results,
      (rate) => rate,
      atLeast(0.7),
      (rate) => `${rate.toFixed(0)}k/s`,
    ),
  ];
}

const large = (megabytes, times, goal) => async (rounds) => {
  const run = async (peer) => {
    const ms = await timed(async () => {
      for (let turn = 0; turn < times; turn++) await peer.ask(`B${megabytes * MB}\n`);
    });
    return { rate: (megabytes * times * 1000) / ms, peak: memoryMb(peer.pid, 'VmHWM') };
  };
  const results = await interleaved(rounds, { pipe: through(pipe, run), ours: through(ours, run) });
  const speed = ratio(
    `messages of ${megabytes} MB`,
    results,
    (result) => result.rate,
    atLeast(goal),
    (rate) => `${rate.toFixed(0)} MB/s`,
  );
  if (megabytes < 100) return [speed];
  const peak = (name) => median(results, (round) => round[name].peak);
  return [
    speed,
    figure(
      'peak memory at 100 MB, beyond the pipe',
      peak('ours') - peak('pipe'),
      atMost(32, ' MB'),
      `${peak('ours').toFixed(0)} / ${peak('pipe').toFixed(0)} MB`,
    ),
  ];
};

async function stalled(rounds) {
  const run = async (peer) => {
    const before = memoryMb(peer.pid, 'VmRSS');
    peer.child.stdout.pause();
    peer.child.stdin.write('F1000000\n');
    await wait(1000);
    const growth = memoryMb(peer.pid, 'VmRSS') - before;
    const come = peer.lines(1_000_001);
    peer.child.stdout.resume();
    await come;
    return growth;
  };
  const results = await interleaved(Math.min(rounds, 3), { pipe: through(pipe, run), ours: through(ours, run) });
  const growth = (name) => median(results, (round) => round[name]);
  return [
    figure(
      'growth while a reader stalls for 1 s',
      growth('ours'),
      atMost(5, ' MB'),
      `pipe ${growth('pipe').toFixed(1)} MB`,
    ),
  ];
}

async function million() {
  const run = async (peer) => {
    await peer.pipeline(10_000, 64);
    const before = memoryMb(peer.pid, 'VmRSS');
    await peer.pipeline(1_000_000, 64);
    return memoryMb(peer.pid, 'VmRSS') - before;
  };
  const [result] = await interleaved(1, { pipe: through(pipe, run), ours: through(ours, run) });
  return [
    figure(
      'growth over a million messages, beyond the pipe',
      result.ours - result.pipe,
      atMost(10, ' MB'),
      `${result.ours.toFixed(1)} / ${result.pipe.toFixed(1)} MB`,
    ),
  ];
}

async function start(rounds) {
  const run = (between) => async () => {
    let peer;
    const ms = await timed(async () => {
      peer = new Peer(between(SERVER));
      await peer.ask();
    });
    await peer.close();
    return ms;
  };
  const results = await interleaved(rounds * 2, { direct: run(direct), pipe: run(pipe), ours: run(ours) });
  return [
    figure(
      'start to first answer',
      median(results, (round) => round.ours / round.pipe),
      atMost(1.1),
      ['ours', 'pipe', 'direct'].map((name) => `${median(results, (round) => round[name]).toFixed(0)} ms`).join(' / '),
    ),
  ];
}

async function help(rounds) {
  const results = await interleaved(rounds * 2, {
    node: () => runTime([NODE, '-e', '0']),
    ours: () => runTime([NODE, MCP_DBG, '--help']),
  });
  return [versus('--help, vs node -e 0', results, 'node', atMost(1.25))];
}

async function tools(rounds) {
  const server = rawTools.server;
  const results = await interleaved(rounds * 2, {
    raw: () => runTime([NODE, rawTools.script, ...server]),
    ours: () => runTime([NODE, MCP_DBG, 'tools', '--', ...server]),
  });
  return [versus('tools SERVER, vs a raw script', results, 'raw', atMost(1.2))];
}

async function crash(rounds) {
  const figures = [];
  // The least that a server can be, and one that is written with an SDK, as most are.
  for (const { name, server } of [
    { name: 'the smallest server', server: rawTools.server },
    { name: 'an SDK server', server: SDK_SERVER },
  ]) {
    const results = await crashToUsable(rounds, server);
    const relayed = results.map(({ start, relayed: ours }) => ({ start, ours }));
    figures.push(
      versus(`crash to usable, ${name}, vs a bare restart`, results, 'start', atMost(1.1)),
      versus('the same behind proxy --restart', relayed, 'start', atMost(1.1)),
    );
  }
  return figures;
}

function ratio(name, results, of, goal, show) {
  const value = median(results, (round) => of(round.ours) / of(round.pipe));
  const each = (who) => show(median(results, (round) => of(round[who])));
  return figure(`${name}, vs the bare pipe`, value, goal, `${each('ours')} / ${each('pipe')}`);
}

function versus(name, results, other, goal) {
  const value = median(results, (round) => round.ours / round[other]);
  const each = (who) => `${median(results, (round) => round[who]).toFixed(0)} ms`;
  return figure(name, value, goal, `${each('ours')} / ${each(other)}`);
}

export const ROWS = {
  latency,
  pipelined,
  flood,
  '1mb': large(1, 40, 0.8),
  '10mb': large(10, 6, 0.8),
  '100mb': large(100, 1, 0.85),
  stalled,
  million,
  start,
  help,
  tools,
  crash,
  query,
  stats,
};
