import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { run } from '../driver.ts';
import { ECHO, answering, result } from './answering.ts';

const modern = fixture('features-v2');
const server = answering({
  'prompts/list': result('{"prompts":[{"name":"p","arguments":[{"name":"a"},{"name":"__proto__"}]},{"name":"all"}]}'),
  'prompts/get p': ECHO,
  'prompts/get all': result(
    JSON.stringify({
      description: 'All kinds',
      messages: [
        { role: 'user', content: { type: 'text', text: 'one\u001b[1m' } },
        {
          role: 'assistant',
          content: { type: 'resource', resource: { uri: 'note://a', mimeType: 'text/plain', text: 'two' } },
        },
        { role: 'user', content: { type: 'resource_link', uri: 'note://b', name: 'b', size: 5 } },
        'nonsense',
      ],
    }),
  ),
});

describe('prompts', () => {
  test.concurrent('lists them with their arguments', async () => {
    const { code, stdout, stderr } = await run(['prompts', modern]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^features-v2 1.0.0 {2}modern, 2026-07-28, 2 prompts\n/);
    expect(stdout).toContain('\ngreet(name, language, tone?)\n  Greeting\n  Greets somebody in a language.\n');
  });
});

describe('prompt', () => {
  test.concurrent('gives its messages, and takes its arguments as texts, whatever they look like', async () => {
    const { code, stdout } = await run(['prompt', modern, 'greet', 'name=007', 'language=a=b', 'tone=']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'user:\nGreet 007 in a=b, .\n' });
    const { stdout: echoed } = await run(['prompt', server, 'p', 'a=1', '__proto__={}', '--json']);
    expect((JSON.parse(echoed) as { got: string }).got).toContain('"arguments":{"a":"1","__proto__":"{}"}');
  });

  test.concurrent('shows every kind of content, harmless', async () => {
    const { code, stdout } = await run(['prompt', server, 'all']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'All kinds\n\nuser:\none\\e[1m\n\nassistant:\n[resource note://a (text/plain)]\ntwo\n\n' +
        'user:\n[link to resource b: note://b (5 B)]\n\nnobody:\n(no output)\n',
    });
  });

  test.concurrent.each<[readonly string[], number, RegExp]>([
    [['gret', 'name=x'], 5, /There is no prompt "gret"; did you mean greet\?/],
    [['greet'], 1, /greet needs name \(string\), language \(string\); give name=… language=…/],
  ])('says in a sentence what is wrong: %j', async (words, exit, why) => {
    const { code, stdout, stderr } = await run(['prompt', modern, ...words]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(why);
  });
});
