import { readFileSync, writeFileSync } from 'node:fs';

import { type FixtureName, fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { file, run, start } from './driver.ts';

/** A server that notes each of its starts. */
interface Counted {
  readonly script: string;
  /** How many processes of it were started. */
  starts(): number;
  /** Lets a gated server read its stdin, which it does not before. */
  open(): void;
}

/** A fixture server that notes its starts; a gated one is busy with its own start until it is let go. */
function counted(
  name: FixtureName,
  { argv = [], gated = false }: { argv?: readonly string[]; gated?: boolean } = {},
): Counted {
  const starts = file('starts', '');
  const gate = `${starts}.gate`;
  const script = file(
    `${name}.mjs`,
    `import { appendFileSync, existsSync } from 'node:fs';
     appendFileSync(${JSON.stringify(starts)}, process.pid + '\\n');
     // Whoever started it may die first.
     const parent = process.ppid;
     const isShut = () => ${String(gated)} && !existsSync(${JSON.stringify(gate)}) && process.ppid === parent;
     while (isShut()) await new Promise((go) => setTimeout(go, 10));
     process.argv.push(...${JSON.stringify(argv)});
     await import(${JSON.stringify(fixture(name))});`,
  );
  return {
    script,
    starts: () => readFileSync(starts, 'utf8').split('\n').length - 1,
    open: () => writeFileSync(gate, ''),
  };
}

test('a chat has one process of each server, of whatever era and however it takes the probe', async () => {
  const servers = {
    'sdk-v1': counted('sdk-v1'),
    'sdk-v2': counted('sdk-v2'),
    'modern-only': counted('modern-only'),
    'silent-on-probe': counted('silent-on-probe'),
    'exits-on-probe': counted('exits-on-probe'),
  };
  const names = Object.keys(servers);
  const scripts = Object.values(servers).map(({ script }) => script);
  const argv = ['chat', ...scripts, '--wait', '60', '--probe-timeout', '1'];
  const { code, stdout, stderr } = await run([...argv, '--model', 'manual'], {
    stdin: names.map((name) => `/call ${name}__echo {"text":"from ${name}"}\n`).join(''),
  });
  expect(code).toBe(0);
  for (const name of names) expect(stdout).toContain(`\nfrom ${name}\n`);
  expect(Object.fromEntries(Object.entries(servers).map(([name, { starts }]) => [name, starts()]))).toEqual({
    'sdk-v1': 1,
    'sdk-v2': 1,
    'modern-only': 1,
    'silent-on-probe': 1,
    'exits-on-probe': 2,
  });
  const eras = [...stderr.matchAll(/^([\w-]+): connected to .*\((legacy|modern), /gm)].map(([, name, era]) => [
    name,
    era,
  ]);
  expect(Object.fromEntries(eras)).toEqual({
    'sdk-v1': 'legacy',
    // It speaks both; on a machine so busy that it is late, the legacy one.
    'sdk-v2': expect.stringMatching(/modern|legacy/),
    'modern-only': 'modern',
    'silent-on-probe': 'legacy',
    'exits-on-probe': 'legacy',
  });
  expect(stderr.match(/starting it once more/g)).toHaveLength(1);
});

/** What a command that asks one server takes beside the server. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  chat: ['--model', 'manual'],
  tools: [],
  call: ['echo', 'text=hi'],
  resources: [],
  read: ['test://none'],
  prompts: [],
  prompt: ['none'],
  complete: ['prompt:none', 'argument'],
  ping: [],
  info: [],
  raw: ['tools/list'],
};
/** One starts a server as each host would, the other goes on until somebody ends it. */
const OTHERS = ['doctor', 'watch'];

test('every command that connects starts one process', async () => {
  const { stdout } = await run(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([a-z]\w*) /gm)].map(([, name = '']) => name);
  const helps = await Promise.all(commands.map(async (name) => ({ name, help: (await run([name, '--help'])).stdout })));
  const connecting = helps.filter(({ help }) => help.includes('--probe-timeout')).map(({ name }) => name);
  expect(connecting).toEqual(expect.arrayContaining(['chat', 'tools', 'call']));
  const starts = connecting
    .filter((name) => !OTHERS.includes(name))
    .map(async (name) => {
      const server = counted('echo');
      await run([name, server.script, ...(WORDS[name] ?? [])]);
      return { name, starts: server.starts() };
    });
  // What is not known above would fail for want of words, before it starts anything.
  for (const each of await Promise.all(starts)) expect(each).toEqual({ name: each.name, starts: 1 });
});

describe('a server that is slow to start', () => {
  test.concurrent.each([
    ['sdk-v1', [], 'legacy', 1],
    ['sdk-v2', ['--modern-only'], 'modern', 1],
    // It takes the legacy handshake too, and by that its SDK holds it to the legacy era.
    ['sdk-v2', [], 'legacy', 1],
    ['exits-on-probe', [], 'legacy', 2],
  ] as const)('%s %j is not misjudged, though it reads only after the silence', async (name, argv, era, starts) => {
    const server = counted(name, { argv, gated: true });
    const program = start(['tools', server.script, '--probe-timeout', '0.1', '--verbose']);
    await program.saw('trying the legacy handshake');
    server.open();
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${name} 1\\.0\\.0 {2}${era}, .* tools\n`));
    expect(server.starts()).toBe(starts);
    expect(stderr.includes('speaks the modern protocol after all')).toBe(era === 'modern');
    expect(stderr.includes('speaks the modern protocol too')).toBe(name === 'sdk-v2' && era === 'legacy');
    expect(stderr.includes('starting it once more')).toBe(starts === 2);
  });

  test.concurrent('is waited for within the bound, with nothing to say', async () => {
    const server = counted('sdk-v1', { gated: true });
    const program = start(['tools', server.script, '--verbose']);
    await program.saw('server/discover');
    server.open();
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('legacy, 2025-11-25');
    expect(stderr).not.toMatch(/trying|after all|once more/);
    expect(server.starts()).toBe(1);
  });
});
