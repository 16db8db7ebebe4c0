import { fixture } from '../src/index.ts';
import type { FixtureName } from '../src/index.ts';
import { RawPeer, envelope } from './raw-peer.ts';
import type { Message } from './raw-peer.ts';

/** Starts a fixture server of Node. */
export const open = (name: FixtureName, ...args: readonly string[]): RawPeer => RawPeer.ofScript(fixture(name), args);

/** The first text of a tool result. */
export const textOf = (result: unknown): string | undefined =>
  (result as { content: { text?: string }[] }).content[0]?.text;

/** The tools of an answer to `tools/list`. */
export const toolsOf = (answer: Message): Message[] => (answer['result'] as { tools: Message[] }).tools;

/** A modern `tools/call` request, for calls whose answer nobody waits for. */
export const request = (id: number, name: string, args: Message = {}): Message => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, _meta: envelope },
});
