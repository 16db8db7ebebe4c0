import { readFileSync, readdirSync } from 'node:fs';

import { type FixtureName, fixture } from '@mcp-dbg/testkit';

import {
  type ServerConfig,
  type ServerEvent,
  Session,
  type SessionOptions,
  type StdioServer,
  type ToolOutcome,
} from '../../src/index.ts';

/** A fixture server that the user named. */
export function server(name: FixtureName, ...args: readonly string[]): StdioServer {
  return { name, argv: [process.execPath, fixture(name), ...args], trusted: true };
}

type Told<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

/** A session, all that it told, and the check that it leaves no process behind. */
export interface Observed extends AsyncDisposable {
  readonly session: Session;
  readonly events: readonly ServerEvent[];
  /** The events of one type so far. */
  told<Type extends ServerEvent['type']>(type: Type): readonly Told<Type>[];
}

/** Opens a session. Its disposal throws when a process of a server's group outlives it. */
export async function observed(
  servers: readonly ServerConfig[],
  options: Partial<SessionOptions> = {},
): Promise<Observed> {
  const recorder = recording(options);
  const session = await Session.open({ servers, approve: async () => true, ...options, onEvent: recorder.onEvent });
  return {
    session,
    events: recorder.events,
    told: recorder.told,
    [Symbol.asyncDispose]: async () => {
      await session.close();
      recorder.expectNobodyLeft();
    },
  };
}

/** Records what a session tells; for sessions that do not open, too. */
export function recording(options: Pick<SessionOptions, 'onEvent'> = {}): {
  readonly events: readonly ServerEvent[];
  readonly onEvent: (event: ServerEvent) => void;
  readonly told: Observed['told'];
  readonly expectNobodyLeft: () => void;
} {
  const events: ServerEvent[] = [];
  const told = <Type extends ServerEvent['type']>(type: Type): readonly Told<Type>[] =>
    events.filter((event): event is Told<Type> => event.type === type);
  return {
    events,
    told,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
    expectNobodyLeft: () => {
      const left = told('server-started').flatMap(({ pid }) => (pid === null ? [] : livingInGroup(pid)));
      if (left.length > 0) throw new Error(`These processes outlive the session: ${left.join(', ')}`);
    },
  };
}

/** The living processes of a process group (Linux). */
function livingInGroup(group: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      // After the command's name in parentheses: state, parent, process group.
      const [state, , pgrp] = stat(pid)
        .slice(stat(pid).lastIndexOf(')') + 2)
        .split(' ');
      return pgrp === String(group) && state !== 'Z' && state !== 'X';
    })
    .map(Number);
}

function stat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** The first text of a call's result, or why there is none. */
export function outcomeText(outcome: ToolOutcome): string {
  if (outcome.kind === 'failed') return `${outcome.reason}: ${outcome.message}`;
  const { content } = outcome.answer.value as { readonly content: readonly { readonly text?: string }[] };
  return content[0]?.text ?? '';
}

/** What the fixture tool `echo` answers. */
export async function echo({ session }: Observed, text = 'hello'): Promise<string> {
  return outcomeText(await session.call('echo', { text }));
}

/** The rules that findings name, each once. */
export function brokenRules({ told }: Observed): ReadonlySet<string> {
  return new Set(told('finding').map(({ rule }) => rule));
}
