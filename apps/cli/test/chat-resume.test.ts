import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { expectNoneLeft, jsonLines, run, scratch, script, start } from './driver.ts';
import { changed, fresh, model, read, resumes, saved } from './saved-chats.ts';

describe('a session that is saved and resumed', () => {
  test.concurrent('goes on with its servers and all that was said, signed thinking unchanged', async () => {
    const path = fresh();
    const played = [
      { on: 'user', think: 'Hm.', say: 'Adding.', call: [{ tool: 'add', args: { a: 1, b: 2 } }] },
      { say: 'It is {{result}}.' },
    ];
    await using before = await model(...played);
    await run(['chat', fixture('echo'), '--save', path, '-p', 'What is 1 + 2?'], { env: before.env });

    await using after = await model(...played, { say: 'Bye.' });
    const resumed = await run(['chat', '--resume', path, '--yes', '-p', 'And\nnow?', '-p', 'Thanks'], {
      env: after.env,
    });
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain(`mcp-dbg: resumed ${path}: 1 query; last: What is 1 + 2?\n`);
    expect(resumed.stdout).toMatch(/^Adding\.\n\[called add\(a: 1, b: 2\) .*\]\nIt is 3\.\nBye\.\n$/);
    const [first = []] = after.asked;
    expect(first.slice(0, 3)).toEqual(before.asked[1]);
    expect(first[1]?.content[0]).toMatchObject({ type: 'thinking', thinking: 'Hm.' });
    // The calls of both times, each with an id of its own, were taken by an API that checks that.
    expect(after.asked).toHaveLength(3);

    const again = await run(['chat', '--resume', path, '--model', 'manual'], { stdin: '' });
    expect(again.stderr).toContain(`resumed ${path}: 3 queries; last: Thanks\n`);
  });

  test.concurrent('runs its servers in the folder where they ran, wherever it is resumed', async () => {
    const folder = mkdtempSync(join(scratch, 'server-'));
    writeFileSync(join(folder, 'mine.mjs'), `import ${JSON.stringify(fixture('echo'))};\n`);
    const path = fresh();
    const argv = ['chat', '--model', 'manual', '--save', path, '--', process.execPath, 'mine.mjs'];
    await run(argv, { cwd: folder });
    const { stderr, stdout } = await run(['chat', '--resume', path, '--model', 'manual'], { stdin: '/servers\n' });
    expect(stderr).toContain('mine: connected');
    expect(stdout).toContain('mine');
  });

  test.concurrent('killed in the middle of a query has all that was answered', async () => {
    const path = fresh();
    await using asked = await model({ when: 'one', say: 'One.' }, { say: 'a very long answer', drip: 60_000 });
    const program = start(['chat', fixture('echo'), '--json', '--save', path], { env: asked.env });
    program.write('one\n');
    await program.until(() => jsonLines(program.stdout).some(({ type }) => type === 'stopped'), 'the first answer');
    program.write('two\n');
    await program.until(() => asked.asked.length === 2, 'the second query');
    program.child.kill('SIGKILL');
    await program.ended;
    await expectNoneLeft(program.cwd);
    expect(readdirSync(dirname(path))).toEqual(['chat.json']);

    await using after = await model({ say: 'Three.' });
    expect((await run(['chat', '--resume', path, '-p', 'three'], { env: after.env })).stdout).toBe('Three.\n');
    expect(after.asked[0]?.map(({ content }) => content.map(({ text }) => text).join())).toEqual([
      'one',
      'One.',
      'three',
    ]);
  });

  test.concurrent('saved while a call was open goes on: the model reads that the call has no answer', async () => {
    const path = fresh();
    await using before = await model({ on: 'user', call: [{ tool: 'pid' }] }, { say: 'Done.' });
    await run(['chat', fixture('echo'), '--save', path, '-p', 'go'], { env: before.env });
    const cut = changed(path, ({ turns }) => turns.splice(2));
    await using after = await model({ say: 'I see.' });
    const { stdout } = await run(['chat', '--resume', cut, '-p', 'well?'], { env: after.env });
    expect(stdout).toBe('I see.\n');
    expect(JSON.stringify(after.asked[0]?.[2])).toMatch(/"tool_result".*"is_error":true.*well\?/);
    expect(JSON.stringify(after.asked[0]?.[2])).toContain('whether it had an effect is not known');
  });

  test.concurrent('with another model gives it texts and calls, not the thinking of the one before, and says so', async () => {
    const path = fresh();
    await using before = await model({ on: 'user', think: 'Hm.', call: [{ tool: 'pid' }] }, { say: 'Done.' });
    await run(['chat', fixture('echo'), '--model', 'one', '--save', path, '-p', 'go'], { env: before.env });
    await using after = await model({ say: 'Hello.', repeat: true });
    const argv = ['chat', '--resume', path, '--model', 'two', '-p', 'on'];
    const resumed = await run(argv, { env: after.env });
    expect(resumed.stdout).toBe('Hello.\n');
    expect(resumed.stderr).toContain('mcp-dbg: saved with the model one, goes on with two: ');
    const types = after.asked[0]?.map(({ content }) => content.map(({ type }) => type).join());
    expect(types).toEqual(['text', 'tool_use', 'tool_result', 'text', 'text']);
    expect(read(path).model).toBe('two');
    expect((await run(argv, { env: after.env })).stderr).not.toContain('saved with');
  });

  test.concurrent('with other servers has theirs, and names tools that are gone', async () => {
    const path = fresh();
    await using before = await model({ on: 'user', call: [{ tool: 'pid' }] }, { say: 'Done.' });
    await run(['chat', fixture('echo'), '--save', path, '-p', 'go'], { env: before.env });
    await using after = await model({ say: 'Hello.' });
    const { code, stdout, stderr } = await run(['chat', fixture('paginated'), '--resume', path, '-p', 'on'], {
      env: after.env,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello.\n' });
    expect(stderr).toMatch(/paginated: connected/);
    expect(read(path).servers.map(({ name }) => name)).toEqual(['paginated']);
  });

  test.concurrent('has servers whose hints do not count until they are named again', async () => {
    const path = await saved('one');
    const adds = script({ on: 'user', call: [{ tool: 'add', args: { a: 1, b: 2 } }] }, { say: '{{result}}' });
    const argv = ['chat', '--resume', path, '--model', adds, '-p', 'add'];
    expect((await run(argv)).stderr).toContain('Refused to call add: ');
    expect((await run([...argv, '--allow', 'add'])).stdout).toMatch(/^\[called add.*\]\n3\n$/);
    expect((await run([...argv, fixture('echo')])).stdout).toMatch(/^\[called add.*\]\n3\n$/);
  });

  test.concurrent('goes on into another file where --save names one, and leaves its own as it was', async () => {
    const path = await saved('one');
    const before = readFileSync(path, 'utf8');
    const other = fresh();
    expect((await run(resumes(path, '--save', other))).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(read(other).turns.map(({ text, reply }) => text ?? reply?.text)).toEqual([
      'one',
      '<one>',
      'again',
      '<again>',
    ]);
  });

  test.concurrent('that is cleared keeps what was said until there is another answer', async () => {
    const path = await saved('one');
    await run(['chat', '--resume', path, '--model', 'manual'], { stdin: '/clear\n' });
    expect(read(path).turns).toHaveLength(2);
    const model = script({ say: '<{{query}}>', repeat: true });
    await run(['chat', '--resume', path, '--model', model], { stdin: '/clear\ntwo\n' });
    expect(read(path).turns).toMatchObject([{ role: 'user', text: 'two' }, { role: 'assistant' }]);
  });
});
