import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { messagesApi, parseScript } from '@mcp-dbg/core/script';
import { fixture } from '@mcp-dbg/testkit';
import { expect } from 'vitest';

import { file, run, scratch, script } from './driver.ts';

/** A model that says what it hears. */
export const parrot: string = script({ say: '<{{query}}>', repeat: true });

export interface Message {
  readonly role: string;
  readonly content: readonly { readonly type: string; readonly text?: string; readonly id?: string }[];
}

/** A model behind a loopback API, which refuses what the real one would, and what it was sent. */
export async function model(
  ...turns: readonly object[]
): Promise<
  AsyncDisposable & { readonly env: Record<string, string>; readonly asked: readonly (readonly Message[])[] }
> {
  const asked: (readonly Message[])[] = [];
  const api = await messagesApi(parseScript(JSON.stringify({ turns })), {
    onRequest: ({ body }) => void asked.push((JSON.parse(body) as { messages: readonly Message[] }).messages),
  });
  return {
    env: { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: api.token },
    asked,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** A path of its own that nothing stands at yet. */
export function fresh(name = 'chat.json'): string {
  return join(mkdtempSync(join(scratch, 'session-')), name);
}

/** A session with the parrot in a file of its own. */
export async function saved(...queries: readonly string[]): Promise<string> {
  const path = fresh();
  const prompts = queries.flatMap((query) => ['-p', query]);
  const { code } = await run(['chat', fixture('echo'), '--model', parrot, '--save', path, ...prompts]);
  expect(code).toBe(0);
  return path;
}

/** What the file of a session holds. */
export interface Content {
  savedAt: string;
  model: string;
  seal?: string;
  servers: { name: string; argv: string[]; cwd: string; env: string[] }[];
  turns: { role: string; text?: string; reply?: { text: string } }[];
}

/** The file of a session. */
export function read(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}

/** The same session with something changed, in a file of its own. */
export function changed(path: string, change: (content: Content) => void): string {
  const content = read(path);
  change(content);
  return file('changed.json', JSON.stringify(content));
}

/** Asks one thing more of a session. */
export const resumes = (path: string, ...words: readonly string[]): readonly string[] => [
  'chat',
  '--resume',
  path,
  '--model',
  parrot,
  '-p',
  'again',
  ...words,
];
