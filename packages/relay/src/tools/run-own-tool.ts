import { isObject } from '../json-object.ts';
import { plainText } from '../plain-text.ts';
import type { ServerControl } from '../stage.ts';
import type { OwnAnswers } from './own-answers.ts';
import { ERRORS_SHOWN, MAX_ERRORS_SHOWN, MAX_REASON, type OwnToolName } from './own-tools.ts';
import type { PastErrors } from './past-errors.ts';
import type { ServerStory } from './server-story.ts';
import type { Asked, TrafficStory } from './traffic-story.ts';

/** Milliseconds after which `mcpdbg_restart` answers whatever came of it: clients give up after a minute. */
const RESTART_MS = 30_000;
const MAX_WHY = 2000;

/** What our tools work on. */
export interface CallPlace {
  readonly server: ServerControl;
  readonly story: ServerStory;
  readonly errors: PastErrors;
  readonly traffic: TrafficStory;
  readonly answers: OwnAnswers;
  readonly capturePath: () => string | undefined;
  /** Since when the client is connected (monotonic, milliseconds). */
  readonly sinceMs: number;
}

/** Does what a call of one of our tools asks for, and gives the text of its answer. */
export async function runOwnTool(name: OwnToolName, args: unknown, asked: Asked, place: CallPlace): Promise<string> {
  const { answers } = place;
  switch (name) {
    case 'mcpdbg_restart': {
      const reason = argument(args, 'reason');
      if (reason === WRONG || (reason !== undefined && typeof reason !== 'string'))
        return answers.refusal(asked, 'mcpdbg_restart takes "reason", a text, and nothing else');
      const outcome = await restart(reason, place);
      return answers.call(asked, outcome, !outcome.restarted);
    }
    case 'mcpdbg_last_errors': {
      const limit = argument(args, 'limit') ?? ERRORS_SHOWN;
      if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MAX_ERRORS_SHOWN)
        return answers.refusal(asked, `mcpdbg_last_errors takes "limit", 1 to ${MAX_ERRORS_SHOWN}, and nothing else`);
      return answers.call(asked, lastErrors(limit, place), false);
    }
    case 'mcpdbg_stats':
      if (argument(args, undefined) === WRONG) return answers.refusal(asked, 'mcpdbg_stats takes no arguments');
      return answers.call(asked, stats(place), false);
  }
}

const WRONG: unique symbol = Symbol('arguments that the tool does not have');

/** The value of the only argument that there may be. */
function argument(args: unknown, key: string | undefined): unknown {
  if (!isObject(args) || Object.keys(args).some((each) => each !== key)) return WRONG;
  return key === undefined ? undefined : args[key];
}

interface Outcome extends Readonly<Record<string, unknown>> {
  readonly restarted: boolean;
}

async function restart(reason: string | undefined, { server, story }: CallPlace): Promise<Outcome> {
  const begunMs = performance.now();
  const oldPid = server.pid ?? null;
  const asked = reason === undefined || reason === '' ? '' : `: ${plainText(reason, MAX_REASON)}`;
  story.leaving();
  const timer = new AbortController();
  const why = await Promise.race([
    server.restart(`the client asked for it with mcpdbg_restart${asked}`).then(
      () => null,
      (error: unknown) => plainText(error instanceof Error ? error.message : String(error), MAX_WHY),
    ),
    after(RESTART_MS, timer.signal).then(() => `The new process cannot be used yet after ${RESTART_MS / 1000} s`),
  ]);
  timer.abort();
  const newPid = why === null ? (server.pid ?? null) : null;
  return { restarted: why === null, oldPid, newPid, ms: Math.round(performance.now() - begunMs), why };
}

function lastErrors(limit: number, { errors }: CallPlace): Readonly<Record<string, unknown>> {
  const nowMs = Date.now();
  return {
    errors: errors.newest(limit).map(({ kind, atMs, message, more }) => ({
      kind,
      at: new Date(atMs).toISOString(),
      agoMs: Math.max(0, nowMs - atMs),
      message,
      ...more,
    })),
    total: errors.total,
  };
}

function stats({ server, story, traffic, capturePath, sinceMs }: CallPlace): Readonly<Record<string, unknown>> {
  const nowMs = performance.now();
  const { frames, answered, failed, open, noise, times, version } = traffic;
  const upSinceMs = story.sinceMs;
  return {
    connectedMs: Math.round(nowMs - sinceMs),
    server: {
      pid: server.pid ?? null,
      uptimeMs: upSinceMs === undefined ? null : Math.round(nowMs - upSinceMs),
      starts: story.starts,
      crashes: story.crashes,
      protocolVersion: version ?? null,
    },
    frames: { ...frames },
    requests: { answered, failed, open },
    noise,
    tools: times.all,
    capture: capturePath() ?? null,
  };
}

function after(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
