// The rows of captures: how fast one question to a big capture is answered, next to what people have at hand.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { WANTED, makeCorpus } from './corpus.mjs';
import { atLeast, atMost, figure, interleaved, median } from './measure.mjs';
import { ENVIRONMENT, MCP_DBG, NODE, memoryMb, timed } from './peer.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const SPLIT = here('split-and-parse.mjs');

const FIND = `select(.method == "tools/call" and .params.name == "${WANTED}")`;
const COUNT = `reduce inputs as $m ({};
  if $m.method then .[$m.method] += 1
  elif $m.error then .errors += 1
  elif $m.result.isError == true then .toolErrors += 1
  else . end)`;

/** A filter on a capture of so many megabytes; the start of the command counts, and the printing of what it found. */
export async function query(rounds, { megabytes }) {
  return await withCorpus(megabytes, async ({ capture, lines, counts }) => {
    const results = await interleaved(Math.min(rounds, 5), {
      ours: () => run([NODE, MCP_DBG, 'log', capture, `tool:${WANTED}`, '--json'], linesOf, counts.wanted),
      jq: () => run(['jq', '-c', FIND, lines], linesOf, counts.wanted),
      split: () => run([NODE, SPLIT, lines, WANTED], (out) => JSON.parse(out).hits, counts.wanted),
    });
    return figures(`log FILTER on ${megabytes} MB`, results);
  });
}

/** Counting a capture of so many megabytes. */
export async function stats(rounds, { megabytes }) {
  return await withCorpus(megabytes, async ({ capture, lines, counts }) => {
    const expected = { calls: counts.methods['tools/call'], errors: counts.errors, toolErrors: counts.toolErrors };
    const results = await interleaved(Math.min(rounds, 5), {
      ours: () => run([NODE, MCP_DBG, 'stats', capture, '--json'], countsOfStats, expected),
      jq: () => run(['jq', '-nc', COUNT, lines], countsOfJq, expected),
      split: () => run([NODE, SPLIT, lines, WANTED], countsOfSplit, expected),
    });
    return figures(`stats on ${megabytes} MB`, results);
  });
}

function linesOf(out) {
  return out.split('\n').length - 1;
}

function countsOfStats(out) {
  const { methods } = JSON.parse(out);
  const sum = (of) => methods.reduce((total, method) => total + of(method), 0);
  const { calls } = methods.find(({ name }) => name === 'tools/call');
  return { calls, errors: sum(({ errors }) => errors), toolErrors: sum(({ toolErrors }) => toolErrors) };
}

function countsOfJq(out) {
  const counts = JSON.parse(out);
  return { calls: counts['tools/call'], errors: counts.errors, toolErrors: counts.toolErrors };
}

function countsOfSplit(out) {
  const { calls, errors, toolErrors } = JSON.parse(out);
  return { calls, errors, toolErrors };
}

function figures(name, results) {
  const seconds = (who) => (median(results, (round) => round[who]?.ms ?? Number.NaN) / 1000).toFixed(2);
  const over = (who) => median(results, (round) => (round[who]?.ms ?? Number.NaN) / round.ours.ms);
  const peak = median(results, (round) => round.ours.peak);
  return [
    figure(`${name}, vs jq`, over('jq'), atLeast(12), `${seconds('ours')} / ${seconds('jq')} s`),
    figure(`${name}, vs split and parse`, over('split'), atLeast(2.5), `${seconds('ours')} / ${seconds('split')} s`),
    figure(`${name}, peak memory`, peak, atMost(100, ' MB'), ''),
  ];
}

async function withCorpus(megabytes, use) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-corpus-'));
  try {
    const capture = join(folder, 'corpus.mcpcap');
    const lines = join(folder, 'corpus.jsonl');
    const counts = makeCorpus(capture, lines, megabytes);
    return await use({ capture, lines, counts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long a program takes; undefined where it is not installed. What it found has to be right to the last count. */
async function run(argv, countsOf, expected) {
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  let peak = 0;
  let isRunning = true;
  const watch = (async () => {
    while (isRunning) {
      peak = memoryMb(child.pid, 'VmHWM') ?? peak;
      await wait(20);
    }
  })();
  try {
    const ms = await timed(async () => await once(child, 'close'));
    const found = JSON.stringify(countsOf(Buffer.concat(parts).toString()));
    const wanted = JSON.stringify(expected);
    if (found !== wanted) throw new Error(`${argv.join(' ')} counted ${found} where there are ${wanted}`);
    return { ms, peak };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    isRunning = false;
    await watch;
  }
}
