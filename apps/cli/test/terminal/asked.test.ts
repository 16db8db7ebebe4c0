import { fixture } from '@mcp-dbg/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { file, script } from '../driver.ts';
import { bare } from './chatting.ts';
import { KEY, type TerminalRun, inTerminal, noTerminal } from './terminal.ts';

const HOSTILE = file(
  'hostile.mjs',
  `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
   const ask = { method: 'elicitation/create', params: { message: 'Tell me\\u001b[2J\\u202e now', requestedSchema: { type: 'object', properties: { nested: { type: 'object', properties: { a: { type: 'string' } } } }, required: ['nested'] } } };
   serve({ name: 'hostile', tools: [{ name: 'ask', inputSchema: { type: 'object' }, run: () => 'never' }],
     intercept: ({ id, method, params }, { send }) => {
       if (method !== 'tools/call') return false;
       send({ id, result: params.inputResponses ? { resultType: 'complete', content: [{ type: 'text', text: JSON.stringify(params.inputResponses) }] } : { resultType: 'input_required', inputRequests: { x: ask } } });
       return true;
     } });`,
);

async function chatting(server: string, ...words: readonly string[]): Promise<TerminalRun> {
  const terminal = inTerminal(['chat', server, '-q', ...words], { env: bare });
  await terminal.shows(/model: .*\r\n> |no model: .*\r\n> /);
  return terminal;
}

describe('what a server asks a person in a terminal', () => {
  beforeEach((context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
  });

  test('is a form that can be filled, seen before it goes out, declined and given up; a page is never opened', async () => {
    const terminal = await chatting(fixture('features-v2'), '--model', 'manual');
    terminal.type(`/call ask_name${KEY.enter}`);
    await terminal.shows(/features-v2 asks you:\r\n {2}│ Who are you\?/);
    await terminal.shows('name');
    terminal.type(`Ann${KEY.enter}`);
    await terminal.shows(/Optional: age/);
    terminal.type(KEY.enter);
    await terminal.shows('Send {"name":"Ann"} to features-v2? [y]es, [n]o, [a]gain: ');
    terminal.type(`y${KEY.enter}`);
    await terminal.stands(/"action":"accept","content":\{"name":"Ann"\}\}\}\n>/);
    terminal.type(`/call ask_name${KEY.enter}`);
    await terminal.shows('name (text, required): ');
    terminal.type(KEY.ctrlC);
    await terminal.stands(/\{"name":\{"action":"cancel"\}\}\n>/);
    terminal.type(`/call ask_url${KEY.enter}`);
    await terminal.shows(/Host: login\.example\.com\r\n {2}Page: https:\/\/login\.example\.com\/start\?for=tests/);
    terminal.type(`n${KEY.enter}`);
    await terminal.stands(/\{"consent":\{"action":"decline"\}\}\n>/);
    terminal.type(KEY.ctrlD);
    expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
  });

  test('ends with the server, and says so', async () => {
    const terminal = await chatting(fixture('features-v1'), '--model', 'manual');
    terminal.type(`/call pid${KEY.enter}`);
    const pid = Number(/\d+/.exec(await terminal.shows(/\r\n\d+\r\n/))?.[0]);
    terminal.type(`/call ask_name${KEY.enter}`);
    await terminal.shows('name (text, required');
    process.kill(pid, 'SIGKILL');
    await terminal.shows('What the server asked is over');
    terminal.type(KEY.ctrlC);
    terminal.type(KEY.ctrlD);
    expect(await terminal.ended).toMatchObject({ isSane: true });
  });

  test('is the use of the model, with what it is asked and what it answers', async () => {
    const model = script(
      { when: '^go$', call: [{ tool: 'ask_model', args: {} }] },
      { when: 'Say a word', say: 'parrot' },
      { on: 'result', say: '<{{result}}>' },
    );
    const terminal = await chatting(fixture('features-v2'), '--model', model);
    terminal.type(`go${KEY.enter}`);
    await terminal.shows('(no language model) to answer, in at most 50 tokens (11 B');
    await terminal.shows('Be short.');
    await terminal.shows('Say a word.');
    await terminal.shows('Allow that? [y]es, [n]o, [a]lways: ');
    terminal.type(`y${KEY.enter}`);
    await terminal.shows('parrot');
    await terminal.shows('Give that to features-v2? [y]es, [n]o: ');
    terminal.type(`y${KEY.enter}`);
    await terminal.stands(/<[\s\S]*"text":"parrot"[\s\S]*>\n>/);
    terminal.type(KEY.ctrlD);
    expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
  });

  test('is shown without what moves the cursor, and a part of it that has parts is taken as JSON', async () => {
    const terminal = await chatting(HOSTILE, '--model', 'manual');
    terminal.type(`/call ask${KEY.enter}`);
    await terminal.shows('Tell me\\e[2J\\u{202e} now');
    await terminal.shows('nested');
    terminal.type(`{"a":"b"}${KEY.enter}`);
    await terminal.shows('Send {"nested":{"a":"b"}} to hostile?');
    terminal.type(`y${KEY.enter}`);
    await terminal.stands(/"nested":\{"a":"b"\}.*\n>/s);
    expect(terminal.bytes).not.toContain('\u001b[2J');
    terminal.type(KEY.ctrlD);
    await terminal.ended;
  });

  test('is answered as JSON where the person wants to answer by hand, by a command too', async () => {
    const argv = ['call', fixture('features-v2'), 'ask_name', '--manual-input'];
    const terminal = inTerminal(argv, { env: bare });
    await terminal.shows('"requestedSchema"');
    await terminal.shows('The answers, as one JSON object with "name": ');
    terminal.type(`no JSON${KEY.enter}`);
    await terminal.shows('Cannot read');
    terminal.type(`{"name":{"action":"accept","content":{"name":"Bo"}}}${KEY.enter}`);
    await terminal.shows('"content":{"name":"Bo"}');
    expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
  });
});
