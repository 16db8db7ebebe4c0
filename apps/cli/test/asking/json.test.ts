import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { run } from '../driver.ts';
import { answering, error, result } from './answering.ts';

const HEAD = '{"server":{"name":"exact","version":"1"},"era":"legacy","protocolVersion":"2025-11-25"';
const resource = '{"size":9007199254740993,"uri":"note://\\u001b","name":"\\u202e","x":1.50}';
const template = '{"uriTemplate":"note://{id}","name":"t"}';
const prompt = '{"name":"p","limit":12345678901234567890}';
const server = answering({
  ping: result('{}'),
  'tools/list': result('{"tools":[{"name":"t","inputSchema":{}}]}'),
  'resources/list': result(`{"resources":[${resource}]}`),
  'resources/templates/list': result(`{"resourceTemplates":[${template}]}`),
  'prompts/list': result(`{"prompts":[${prompt}]}`),
  'prompts/get p': result('{"messages":[],"n":1.50}'),
  'prompts/get': error(-32602, 'No such prompt'),
  'completion/complete': result('{"completion":{"values":["a"]},"n":1.50}'),
});

/** The shapes that docs/json.md promises. */
describe('--json of the commands that ask one server', () => {
  test.concurrent.each<[readonly string[], string]>([
    [['resources', server], `${HEAD},"resources":[${resource}],"resourceTemplates":[${template}]}\n`],
    [['prompts', server], `${HEAD},"prompts":[${prompt}]}\n`],
    [['prompt', server, 'p'], '{"messages":[],"n":1.50}\n'],
    [['complete', server, 'prompt:p', 'a'], '{"completion":{"values":["a"]},"n":1.50}\n'],
  ])('gives what the server sent as it came: %j', async (argv, document) => {
    expect(await run([...argv, '--json'])).toMatchObject({ code: 0, stdout: document, stderr: '' });
  });

  test.concurrent('gives one tool as it was listed, and shows it whole', async () => {
    const [json, shown] = await Promise.all([
      run(['tools', server, 't', '--json']),
      run(['tools', fixture('features-v1'), 'forget']),
    ]);
    expect(json).toMatchObject({ code: 0, stdout: '{"name":"t","inputSchema":{}}\n' });
    expect(shown.stdout).toMatch(
      /^forget\(\) {2}destructive, idempotent\n {2}Would delete every note\.\n\ninputSchema\n\{\n/,
    );
  });

  test.concurrent('gives facts and measures as numbers', async () => {
    const [info, ping] = await Promise.all([
      run(['info', server, '--json']),
      run(['ping', server, '--json', '--count', '2']),
    ]);
    const document = JSON.parse(info.stdout) as Record<string, unknown>;
    expect(document).toEqual({
      ...(JSON.parse(`${HEAD}}`) as object),
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: null,
      counts: { tools: 1, resources: 1, resourceTemplates: 1, prompts: 1 },
      startMs: expect.any(Number),
    });
    expect(ping.stdout).toMatch(/,"method":"ping","ms":\[\d+\.\d{3},\d+\.\d{3}\]\}\n$/);
    expect(ping.stdout.startsWith(HEAD)).toBe(true);
  });
});
