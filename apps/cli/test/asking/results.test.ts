import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import { jsonView } from '../../src/render/json-view.ts';
import { themeFor } from '../../src/render/theme.ts';
import { home, run, scratch } from '../driver.ts';
import { KEY, inTerminal, noTerminal, screen } from '../terminal/terminal.ts';
import { answering, result } from './answering.ts';

const plain = themeFor(false, {});
const records = '[{"id":12345678901234567890,"who":"Ann","ok":true},{"id":2,"who":"1","more":{"a":[1.50]}}]';
const server = answering({
  'tools/list': result(
    '{"tools":[{"name":"list","inputSchema":{"type":"object"}},{"name":"mixed","inputSchema":{"type":"object"}}]}',
  ),
  'tools/call list': result(
    JSON.stringify({ content: [{ type: 'text', text: `{"total":2,"people":${records}}` }], isError: true }),
  ),
  'tools/call mixed': result(
    `{"content":[{"type":"text","text":"7"},{"type":"image","mimeType":"image/png","data":"iVBORw0K"},
      {"type":"resource_link","uri":"note://a","name":"A","mimeType":"text/plain","size":1500,"description":"Look"},
      {"type":"resource","resource":{"uri":"note://b","text":"\\u001b[1mtext"}}],"structuredContent":{"n":1.50,"big":12345678901234567890}}`.replaceAll(
      /\n\s*/g,
      '',
    ),
  ),
});

describe('JSON in a terminal', () => {
  test('is a table where it is a list of like objects, with every digit', () => {
    expect(jsonView(records, plain, 60)).toBe(
      [
        '                  id │ who │ ok   │ more',
        '─────────────────────┼─────┼──────┼─────────────',
        '12345678901234567890 │ Ann │ true │',
        '                   2 │ "1" │      │ {"a":[1.50]}',
      ].join('\n'),
    );
    expect(jsonView(`{"total":2.0,"people":[{"a":1}],"none":[]}`, plain, 60)).toBe(
      'total: 2.0\npeople:\na\n─\n1\nnone: []',
    );
  });

  test.each([
    ['a table that is too wide', records, 12],
    ['a list of other things', '[1,{"a":1}]', 80],
    ['no members', '[{}]', 80],
    ['a member twice', '[{"a":1,"a":2}]', 80],
    ['a long text', JSON.stringify([{ a: 'x'.repeat(300) }]), 80],
    ['something deeper', '{"a":[{"b":1}],"c":{"d":1}}', 80],
  ])('is set in where it is %s, and nothing is left out', (_, json, columns) => {
    expect(jsonView(json, plain, columns)?.replaceAll(/\s/g, '')).toBe(json);
  });

  test.each(['', 'text', '[1', '5', '"a"', '{"a":1} b'])('is left alone where it is no object or list: %j', (text) => {
    expect(jsonView(text, plain, 80)).toBeUndefined();
  });

  test('is safe to print, and whole, whatever it holds', () => {
    const record = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c\u001b'), fc.jsonValue({ maxDepth: 1 }));
    fc.assert(
      fc.property(fc.oneof(fc.array(record), fc.jsonValue(), fc.record({ list: fc.array(record) })), (value) => {
        const json = JSON.stringify(value);
        // Wide, so that nothing is cut into rows.
        const view = jsonView(json, plain, 10_000);
        if (typeof value !== 'object' || value === null) {
          expect(view).toBeUndefined();
          return;
        }
        expect(view).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        for (const [digits = ''] of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/-?\d[\d.eE+-]*/g))
          expect(view?.replaceAll(/\s/g, '')).toContain(digits);
      }),
    );
  });
});

describe('a result', () => {
  test.concurrent('in a pipe is text as it is, structured content as received, and bytes in a file', async () => {
    const { code, stdout, stderr } = await run(['call', server, 'mixed']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const file = /\[image image\/png, 6 B: ~\/(.*)\]/.exec(stdout)?.[1] ?? '';
    expect(readFileSync(join(home(), file)).toString('latin1')).toBe('\u0089PNG\r\n');
    expect(stdout.replace(file, 'FILE')).toBe(
      '7\n[image image/png, 6 B: ~/FILE]\n[link to resource A: note://a (text/plain, 1.5 kB)]\nLook\n' +
        '[resource note://b]\n\\e[1mtext\n{"n":1.50,"big":12345678901234567890}\n',
    );
    const into = await run(['call', server, 'mixed', '-o', 'a.png'], { cwd: scratch });
    expect(into).toMatchObject({ code: 0, stderr: 'mcp-dbg: wrote 6 B to a.png (image/png)\n' });
    expect(into.stdout).toMatch(/^7\n\[link to resource A/);
    expect(readFileSync(join(scratch, 'a.png')).toString('latin1')).toBe('\u0089PNG\r\n');
    const failed = await run(['call', server, 'list']);
    expect(failed).toMatchObject({ code: 5, stdout: `{"total":2,"people":${records}}\n`, stderr: '' });
  });
});

describe('in a terminal', () => {
  beforeEach((context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
  });

  test.concurrent('a failed result is red, and its records are a table', async () => {
    const { code, bytes } = await inTerminal(['call', server, 'list']).ended;
    expect(code).toBe(5);
    expect(bytes).toMatch(/\u001b\[31m/);
    expect(screen(bytes).join('\n')).toContain('total: 2\npeople:\n                  id │ who │ ok   │ more\n');
  });

  test.concurrent('what is missing, and that alone, is asked for; Ctrl-C calls nothing', async () => {
    const given = inTerminal(['call', fixture('echo'), 'add', 'a=1']);
    await given.shows('b (number, required): ');
    given.type(`x${KEY.enter}`);
    await given.shows('b must be a number');
    given.type(`2${KEY.enter}`);
    await given.stands(/\n3\n/);
    expect(await given.ended).toMatchObject({ code: 0, isSane: true });
    const left = inTerminal(['call', fixture('echo'), 'add']);
    await left.shows('a (number, required): ');
    left.type(KEY.ctrlC);
    expect(await left.ended).toMatchObject({ code: 130, isSane: true });
    expect(left.bytes).toMatch(/mcp-dbg: Interrupted/);
  });
});
