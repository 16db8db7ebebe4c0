import type { Finding } from '@mcp-dbg/protocol/lint';

import { remark } from '../doctor-rules.ts';
import type { StartFacts } from '../start-facts.ts';
import { causeOf } from '../stderr-cause.ts';

/** Milliseconds to the tools from which a start is slow: a person waits for it in every new chat. */
const SLOW_MS = 5000;

/** How long the server took to be ready, and whether its hosts wait that long. */
export function checkSlowStart({ outcome, launch }: StartFacts): readonly Finding[] {
  if (outcome.kind !== 'ready' || outcome.readyMs < SLOW_MS) return [];
  const { readyMs } = outcome;
  const tooSlow = launch.hosts.filter(({ limitMs }) => limitMs !== undefined && readyMs > limitMs);
  const limits = tooSlow.map(({ title, limitMs = 0 }) => `${title} gives up after ${limitMs / 1000} s`).join(', ');
  return [
    remark('start/slow', {
      message: `The server took ${seconds(readyMs)} to list its tools${limits === '' ? '' : `; ${limits}`}`,
      fix: 'Load models and open connections with the first call that needs them; install the package instead of fetching it at each start (npx, uvx).',
      level: tooSlow.length > 0 ? 'error' : 'warning',
    }),
  ];
}

/** What it makes of a method of the newer protocol that it does not know. */
export function checkProbe({ processes, silentMs, asked }: StartFacts): readonly Finding[] {
  const [first] = processes;
  const fix = 'Answer a method that you do not know with the error -32601, whatever comes first.';
  if (first === undefined || asked === 'legacy') return [];
  const last = processes.at(-1);
  // A process that ends whatever it is asked says nothing of the probe.
  if (first !== last && last?.firstAnswerMs !== undefined) {
    const message =
      'The server ends when it is first asked server/discover, as newer clients do: they have to start it twice';
    return [remark('era/probe', { message, quote: causeOf(first.stderr)?.quote, fix })];
  }
  if (silentMs === undefined || last?.firstAnswerMs === undefined) return [];
  const message = `The server leaves server/discover unanswered; newer clients waited ${seconds(silentMs)} before they asked in the older way`;
  return [remark('era/probe', { message, fix })];
}

/** How its processes end, and what they leave behind. */
export function checkEnd({ processes }: StartFacts): readonly Finding[] {
  return processes.flatMap(({ end, signals }) => {
    const wasKilled = end?.signal === 'SIGKILL' && signals.includes('SIGTERM');
    // What is left of a group after its first process is gone is killed.
    const leftSomething = end !== undefined && end.signal !== 'SIGKILL' && signals.includes('SIGKILL');
    const children = 'The server ended and left processes behind that it had started';
    return [
      ...(wasKilled
        ? [
            remark('end/signal', {
              message: 'The server ran on after the end of its stdin and after SIGTERM; SIGKILL ended it',
              fix: 'Let SIGTERM end the process; hosts that only send that leave it running for ever.',
            }),
          ]
        : []),
      ...(leftSomething
        ? [
            remark('end/children', {
              message: children,
              fix: 'End them when stdin ends; a wrapper script should exec the server instead of starting it.',
            }),
          ]
        : []),
    ];
  });
}

/** Whether clients of the older protocol can use a server that also, or only, speaks the newer one. */
export function checkLegacy(legacy: StartFacts): readonly Finding[] {
  const { outcome, processes } = legacy;
  if (outcome.kind === 'ready') return [];
  const message = `Clients that speak versions up to 2025-11-25 cannot use the server: ${outcome.message}`;
  const quote = causeOf(processes.at(-1)?.stderr ?? [])?.quote;
  const fix = 'Serve both eras where your SDK can; many hosts still open with initialize.';
  return [remark('era/legacy', { message, quote, fix })];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
