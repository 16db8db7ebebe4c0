import { expect } from 'vitest';

import type { LoopEvent, Model, Session } from '../../src/index.ts';
import { parseScript, scriptModel } from '../../src/script/index.ts';

/** A script model; it is no language model. */
export async function script(turns: readonly object[]): Promise<Model & AsyncDisposable> {
  return await scriptModel({ script: parseScript(JSON.stringify({ turns })) });
}

/** Everything that one query tells. */
export async function asked(session: Session, query: string, signal?: AbortSignal): Promise<readonly LoopEvent[]> {
  const events: LoopEvent[] = [];
  for await (const event of session.ask(query, signal)) events.push(event);
  return events;
}

/** What a model says in these events. */
export function said(events: readonly LoopEvent[]): string {
  return events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
}

/** Why a query stopped. */
export function stopped(events: readonly LoopEvent[]): Extract<LoopEvent, { type: 'stopped' }> {
  const last = events.at(-1);
  if (last?.type !== 'stopped') throw new Error('The query did not end in "stopped"');
  return last;
}

/** The tool results of a query as texts, in the order in which they came. */
export function results(events: readonly LoopEvent[]): readonly { readonly isError: boolean; readonly text: string }[] {
  return events.flatMap((event) => {
    if (event.type !== 'tool-result') return [];
    const text = event.content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n');
    return [{ isError: event.isError, text }];
  });
}

/** A call in a script. */
export function call(tool: string, args: object = {}): object {
  return { tool, args };
}

/** A last turn that answers everything; the loopback API refuses it where the history is not valid. */
export const still: object = { say: 'Still here.', repeat: true };

/** Asks once more, of a script that ends in `still`: fails when the history is not valid. */
export async function expectStillValid(session: Session): Promise<void> {
  const events = await asked(session, 'Are you there?');
  expect(stopped(events)).toMatchObject({ type: 'stopped', reason: 'end_turn' });
  expect(said(events)).toBe('Still here.');
}
