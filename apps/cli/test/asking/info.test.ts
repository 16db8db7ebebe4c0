import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { run } from '../driver.ts';
import { answering, error, result } from './answering.ts';

const [modern, legacy] = [fixture('features-v2'), fixture('features-v1')];
const EVIL = '\u001b[2J';

describe('info', () => {
  test.concurrent('says who the server is, what it can do and how much of it there is', async () => {
    const { code, stdout, stderr } = await run(['info', legacy]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^name {8}features-v1\nversion {5}1\.0\.0\nera {9}legacy\nprotocol {4}2025-11-25\nstarted in {2}[\d.]+ m?s\n/,
    );
    expect(stdout).toMatch(/\ncan .*resources \(listChanged, subscribe\)/);
    expect(stdout).toMatch(/\ntools {7}16\nresources {3}5, 1 template\nprompts {5}2\n$/);
  });

  test.concurrent('goes on where one list fails, and tells it; shows instructions harmless', async () => {
    const server = answering({
      initialize: result(
        JSON.stringify({
          protocolVersion: '2025-06-18',
          capabilities: { tools: {}, [EVIL]: { x: true, y: false } },
          serverInfo: {},
          instructions: `Be ${EVIL} kind`,
        }),
      ),
      'tools/list': error(-32603, 'no tools today'),
    });
    const { code, stdout, stderr } = await run(['info', server]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /can {9}tools, \\e\[2J \(x\)\ntools {7}none offered\nresources {3}none offered\nprompts {5}none offered\n\nBe \\e\[2J kind\n$/,
    );
    expect(stderr).toMatch(/no tools today/);
  });
});

describe('ping', () => {
  test.concurrent('measures answers in the way of each era', async () => {
    const old = await run(['ping', legacy, '--count', '3']);
    expect(old).toMatchObject({ code: 0, stderr: '' });
    expect(old.stdout).toMatch(
      /^(ping \d: [\d.]+ m?s\n){3}3 answers: fastest [\d.]+ m?s, median [\d.]+ m?s, slowest [\d.]+ m?s\n$/,
    );
    const recent = await run(['ping', modern]);
    expect(recent.stdout).toMatch(/^server\/discover 1: [\d.]+ m?s\n$/);
    expect(recent.stderr).toBe('mcp-dbg: the modern era has no ping, so the server is asked server/discover\n');
  });
});

describe('complete', () => {
  test.concurrent('gives each way to go on a line, for prompts and templates', async () => {
    const prompt = await run(['complete', modern, 'prompt:greet', 'language', 'e']);
    expect(prompt).toMatchObject({ code: 0, stdout: 'english\nestonian\n', stderr: '' });
    const template = await run(['complete', legacy, 'resource:note://any/{name}', 'name']);
    expect(template).toMatchObject({ code: 0, stdout: 'first\nfourth\nsecond\nthird\n', stderr: '' });
  });

  test.concurrent('sends what is known already as texts, and tells of what is left out', async () => {
    const values = JSON.stringify(['a', EVIL, 5]);
    const server = answering({
      'completion/complete': `'"result":{"completion":{"values":${values.replaceAll('\\', '\\\\')},"total":9},"got":' + JSON.stringify(line) + '}'`,
    });
    const argv = ['complete', server, 'prompt:p', 'a', 'x=y', 'n=1', '__proto__={}'];
    const [shown, json] = await Promise.all([run(argv), run([...argv, '--json'])]);
    expect(shown).toMatchObject({ code: 0, stdout: 'a\n\\e[2J\n' });
    expect(shown.stderr).toMatch(/It knows 9 in all/);
    const { got } = JSON.parse(json.stdout) as { got: string };
    expect(JSON.parse(got)).toMatchObject({
      params: { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 'x=y' } },
    });
    expect(got).toContain('"context":{"arguments":{"n":"1","__proto__":"{}"}}');
  });

  test.concurrent('says what it takes', async () => {
    const { code, stderr } = await run(['complete', modern, 'greet', 'language']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp-dbg: Name what is to be completed: .*; not "greet" ?/);
  });
});
