import { Anthropic } from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { expect, test } from 'vitest';
import type { Turn } from '../src/model.ts';
import { assistant, hear, results, scripted, user } from './support/model-conversation.ts';

const TURNS = [
  {
    think: 'Two of them.',
    say: 'Looking.',
    call: [
      { tool: 'echo', args: { n: 1 } },
      { tool: 'echo', args: { n: 2 } },
    ],
  },
  { call: [{ tool: 'echo', args: { n: 3 } }] },
  { say: 'Done.' },
];
const MODEL = 'claude-sonnet-5-5';

test("sends what the vendor's own tool runner sends over the same conversation", async () => {
  await using theirs = await scripted(TURNS);
  await using ours = await scripted(TURNS, { model: MODEL, maxTokens: 1_000 });

  const client = new Anthropic({ apiKey: theirs.api.token, baseURL: theirs.api.url, logLevel: 'off' });
  const tool = betaTool({
    name: 'echo',
    description: 'Says it again',
    inputSchema: { type: 'object' },
    run: () => [{ type: 'text', text: 'done' }],
  });
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'go' }] }];
  await client.beta.messages
    .toolRunner({ model: MODEL, max_tokens: 1_000, messages, tools: [tool], stream: true, thread: false })
    .runUntilDone();

  const turns: Turn[] = [user('go')];
  for (;;) {
    const { reply } = await hear(ours.model, { turns });
    turns.push(assistant(reply));
    if (reply.stop !== 'tool_use') break;
    turns.push(results(reply));
  }

  expect(ours.bodies).toHaveLength(TURNS.length);
  expect(ours.bodies.map(withoutDefaults)).toEqual(theirs.bodies.map(withoutDefaults));
});

/** The runner writes out the tool type that is the default. */
function withoutDefaults(body: string): unknown {
  return JSON.parse(body, (key, value: unknown) => (key === 'type' && value === 'custom' ? undefined : value));
}
