import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { partsOf } from '../../src/config/dialect.ts';
import { type Known, fillIn } from '../../src/config/fill-in.ts';
import { HOSTS, HOST_IDS, type HostId } from '../../src/config/hosts.ts';

const KNOWN: Known = {
  variables: { A: 'one', EMPTY: '', LOOP: '${LOOP}${env:LOOP}' },
  places: {
    workspaceFolder: '/p/app',
    workspaceFolderBasename: 'app',
    userHome: '/h',
    pathSeparator: '/',
    cwd: '/p/app',
  },
  inputs: new Map([['key', 'answer']]),
  files: new Map([['/f', 'text']]),
};

const filled = (text: string, host: HostId): string => fillIn(text, HOSTS[host].dialect, KNOWN).text;

describe('what a config file refers to', () => {
  test.each<[HostId, string, string]>([
    ['claude-code', '${A} ${NONE:-two} ${EMPTY:-two}${env:A} $A ${NONE}', 'one two ${env:A} $A ${NONE}'],
    ['claude-code', '${NONE:-${A}} ${A:-${B}}', '${A} one'],
    ['copilot', '$A/${A}/$NONE/${NONE:-x}/$', 'one/one/$NONE/x/$'],
    [
      'vscode',
      '${env:A}[${env:NONE}]${workspaceFolder}${/}${userHome} ${input:key} ${A}',
      'one[]/p/app//h answer ${A}',
    ],
    ['cursor', '${env:A} ${env:NONE} ${workspaceFolderBasename} ${input:key}', 'one ${env:NONE} app ${input:key}'],
    ['windsurf', '${env:A} ${file:/f} ${workspaceFolder}', 'one text ${workspaceFolder}'],
    ['codex', '${A} ${env:A} $A', '${A} ${env:A} $A'],
    ['claude-desktop', '${A} ${env:A} $A', '${A} ${env:A} $A'],
    ['plain', '${A} ${env:A} ${NONE:-x} ${workspaceFolder} ${input:key} $A', 'one one x /p/app answer $A'],
  ])('is filled in as %s does it: %s', (host, text, expected) => {
    expect(filled(text, host)).toBe(expected);
  });

  test('is not looked at again: nothing can refer to itself', () => {
    expect(filled('${LOOP}', 'plain')).toBe(KNOWN.variables['LOOP']);
    expect(filled('${env:LOOP}', 'vscode')).toBe(KNOWN.variables['LOOP']);
  });

  test('is told where it is not set, and where only a window of the editor knows it', () => {
    expect(fillIn('${env:NONE} ${command:pick} ${file}', HOSTS.vscode.dialect, KNOWN)).toMatchObject({
      unset: ['NONE'],
      foreign: ['${command:pick}', '${file}'],
    });
  });

  test('shows no value of a variable, no answer and no file', () => {
    expect(fillIn('${A} ${input:key} ${workspaceFolder}', HOSTS.plain.dialect, KNOWN).shown).toBe(
      '${A} ${input:key} /p/app',
    );
    expect(fillIn('${file:/f}', HOSTS.windsurf.dialect, KNOWN).shown).toBe('${file:/f}');
  });

  test('never costs a text that has none of it, and what was cut joins again, whatever it is', () => {
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      '${',
      '${A',
      ':-',
      '${env:',
      '${input:key}',
      '\\',
      'A',
      '\u{1f600}',
      ' ',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...HOST_IDS), (raw, host) => {
        const { dialect } = HOSTS[host];
        const parts = partsOf(raw, dialect);
        expect(parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')).toBe(raw);
        if (!raw.includes('$')) expect(fillIn(raw, dialect, KNOWN).text).toBe(raw);
      }),
    );
  });

  test('is not looked for without end', () => {
    for (const text of ['${A:-'.repeat(13_000), `\${A}${'x'.repeat(70_000)}`])
      expect(partsOf(text, HOSTS.plain.dialect)).toEqual([text]);
  });
});
