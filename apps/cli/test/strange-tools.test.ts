import { fixture } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { file, jsonLines, run, script } from './driver.ts';

const CATALOGUE_SIZE = 300;

const catalogue = file(
  'catalogue.mjs',
  `process.argv.push('${CATALOGUE_SIZE}', '50'); await import(${JSON.stringify(fixture('paginated'))});`,
);
/** Two of them have tools of the same names; the others have long, dotted and many names, and odd schemas. */
const SERVERS = [fixture('sdk-v1'), fixture('sdk-v2'), fixture('bad-tools'), catalogue];

/** No chat begins without one of them, however slow the machine. */
const WAITS = ['--wait', '60'];

/** What these tools of the two servers on the SDKs take. */
const ARGUMENTS: Readonly<Record<string, object>> = { add: { a: 1, b: 2 }, echo: { text: '3' } };

/** The names of all tools that a model is told of, as `/tools` lists them. */
async function listedNames(): Promise<readonly string[]> {
  const { stdout } = await run(['chat', ...WAITS, ...SERVERS, '--model', 'manual'], { stdin: '/tools\n' });
  return stdout
    .trimEnd()
    .split('\n')
    .filter((line) => !line.includes('no model can use it'))
    .map((line) => line.trim().split(' ')[0] ?? '');
}

test('tools of one name, of 128 characters, with dots, with a root anyOf and 300 more answer in one chat', async () => {
  const names = await listedNames();
  const called = names.filter((name) => !/^sdk-v[12]__(?!(add|echo)$)/.test(name));
  const calls = called.map((tool) => ({ tool, args: ARGUMENTS[tool.split('__')[1] ?? ''] ?? { a: 'x' } }));
  const last = [{ tool: 'no_tool_7' }, { tool: 'bad-tools__typed_any_of' }];
  const model = script({ call: calls }, { call: last }, { say: 'done' });
  // The names were listed with the servers in the other order.
  const argv = ['chat', ...WAITS, ...SERVERS.toReversed(), '--json', '--yes', '--model', model, '-p', 'go'];
  const { code, stdout, stderr } = await run(argv);
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  const made = events.filter(({ type }) => type === 'tool-call');
  expect(made.slice(0, -2).map(({ name }) => name)).toEqual(called);
  const results = new Map(events.filter(({ type }) => type === 'tool-result').map((event) => [event['id'], event]));
  for (const { id, tool } of made.slice(0, -2)) {
    const text = String(tool) in ARGUMENTS ? '3' : tool;
    expect(results.get(id)).toMatchObject({ isError: false, content: [{ type: 'text', text }] });
  }

  const tools = made.map(({ server, tool }) => `${String(server)} ${String(tool)}`);
  expect(tools).toEqual(
    expect.arrayContaining(['sdk-v1 add', 'sdk-v2 add', 'bad-tools files.read', 'bad-tools root_any_of']),
  );
  expect(made.filter(({ tool }) => String(tool).length === 128)).toHaveLength(2);
  expect(tools.filter((tool) => tool.startsWith('catalogue tool_'))).toHaveLength(CATALOGUE_SIZE);

  // What the model's API cannot be told of a schema is said to the person, and holds all the same.
  expect(stderr).toContain(
    'The model sees the tool "typed_any_of" of "bad-tools" changed: anyOf at the root was merged',
  );
  expect(stderr).toMatch(/^The model reads 3\d\d tools with every request: .* kB, about \d+ thousand tokens$/m);
  expect(results.get(made.at(-1)?.['id'])).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/do not fit .* so it was not called/) }],
  });
  // Of many tools only those are named that were perhaps meant.
  expect(results.get(made.at(-2)?.['id'])).toMatchObject({
    isError: true,
    content: [
      {
        text: expect.stringMatching(/^There is no tool "no_tool_7" among the 3\d\d; called most alike: (\S+ ?){10}$/),
      },
    ],
  });
  expect(events.at(-1)).toEqual({ type: 'stopped', reason: 'end_turn' });
});
