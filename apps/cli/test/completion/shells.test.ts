import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { fixture, waitFor } from '@mcp-dbg/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BIN, endPrograms, environment, file, run } from '../driver.ts';
import { noTerminal } from '../terminal/terminal.ts';

afterAll(endPrograms);

/** Names that would do harm where a shell took them for more than text. */
const NAMES = ['plain', '$(touch pwned)', '`touch pwned`', 'semi;touch pwned', "it's", 'two words', 'notes:add'];

/** Where the server and what it is called stand, and PATH has the program. */
let cwd = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  const library = pathToFileURL(join(dirname(fixture('echo')), '_mcp.mjs')).href;
  const tools = `${JSON.stringify(NAMES)}.map((name) => ({ name, inputSchema: { type: 'object' }, run: () => name }))`;
  cwd = dirname(
    file('server.mjs', `import { serve } from ${JSON.stringify(library)}; serve({ name: 's', tools: ${tools} });`),
  );
  const program = file('mcp-dbg', `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(program, 0o755);
  env = environment({ PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}`, TERM: 'dumb', LC_ALL: 'C.UTF-8' });
  // Whoever asked for completion has the tools that are listed from then on known to Tab.
  await run(['completion', 'bash'], { cwd });
  await run(['tools', './server.mjs'], { cwd });
});

function has(shell: string): boolean {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a real shell completes', () => {
  test.concurrent('bash', async (context) => {
    if (!has('bash')) context.skip('there is no bash');
    const script = `
      source <(mcp-dbg completion bash)
      tab() { COMP_LINE=$1 COMP_POINT=\${#1}; _mcp_dbg; printf '%s\\n' "\${COMPREPLY[@]}" --; }
      tab 'mcp-dbg doc'
      tab 'mcp-dbg call ./server.mjs '
      tab 'mcp-dbg call ./server.mjs notes:'
      eval "printf '%s\\n' $(tab 'mcp-dbg call ./server.mjs ' | head -n -1 | tr '\\n' ' ')"
      complete -p mcp-dbg
    `;
    const said = execFileSync('bash', ['--norc', '-s'], { input: script, cwd, env, encoding: 'utf8' });
    const [command, quoted, rest, evaluated = ''] = said.split('--\n');
    expect(command).toBe('doctor\n');
    expect(quoted?.split('\n')).toContain(String.raw`\$\(touch\ pwned\)`);
    expect(rest).toBe('add\n');
    expect(evaluated.split('\n').slice(0, NAMES.length)).toEqual(NAMES);
    expect(evaluated).toContain('complete -F _mcp_dbg mcp-dbg');
    expect(existsSync(join(cwd, 'pwned'))).toBe(false);
  });

  test.concurrent('fish', async (context) => {
    if (!has('fish')) context.skip('there is no fish');
    const script = `
      mcp-dbg completion fish | source
      complete -C 'mcp-dbg doc'
      complete -C 'mcp-dbg call ./server.mjs '
      complete -C 'mcp-dbg tools ./serv'
    `;
    const said = execFileSync('fish', ['--no-config', '-c', script], { cwd, env, encoding: 'utf8' });
    const lines = said.trim().split('\n');
    expect(lines[0]).toMatch(/^doctor\t\S/);
    expect(lines.slice(1, -1).toSorted()).toEqual(NAMES.toSorted());
    expect(lines.at(-1)).toBe('./server.mjs');
    expect(existsSync(join(cwd, 'pwned'))).toBe(false);
  });

  test.concurrent('zsh', async (context) => {
    if (!has('zsh')) context.skip('there is no zsh');
    if (noTerminal !== undefined) context.skip(noTerminal);
    const pty = fileURLToPath(new URL('../terminal/pty.py', import.meta.url));
    const zsh = spawn('python3', [pty, '200', 'zsh', '-f', '-i'], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    let shown = '';
    zsh.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    const ended = new Promise((resolve) => zsh.once('close', resolve));
    const types = async (keys: string, answer: string): Promise<void> => {
      const before = shown.length;
      zsh.stdin.write(keys);
      await waitFor(() => shown.slice(before).includes(answer), `${answer} in ${JSON.stringify(shown.slice(before))}`);
    };
    try {
      await types('autoload -Uz compinit; compinit -u -D; source <(mcp-dbg completion zsh); echo rea"dy"\r', 'ready');
      await types('mcp-dbg doc\t', 'mcp-dbg doctor ');
      await types('\u0015mcp-dbg call ./server.mjs \\$\t', String.raw`\$\(touch\ pwned\) `);
      await types('\u0015mcp-dbg call ./server.mjs "tw\t', '"two words" ');
      zsh.stdin.write('\u0015exit\r');
    } finally {
      zsh.stdin.end();
      await ended;
    }
    expect(existsSync(join(cwd, 'pwned'))).toBe(false);
  });

  test.concurrent('none that is not known', async () => {
    const { code, stderr } = await run(['completion', 'tcsh']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Allowed choices are bash, zsh, fish, powershell/);
  });
});

test('PowerShell is told in its own words, which no PowerShell has read here', async () => {
  const { code, stdout } = await run(['completion', 'powershell']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Register-ArgumentCompleter -Native -CommandName 'mcp-dbg' -ScriptBlock \{$/m);
  expect(stdout).toContain('[System.Management.Automation.CompletionResult]::new(');
  expect(stdout).not.toMatch(/^(?!#).*Invoke-Expression/m);
  for (const [opening = '', closing = ''] of ['{}', '()', '[]'])
    expect(stdout.split(opening).length).toBe(stdout.split(closing).length);
});

test('Tab starts no server', async () => {
  const script = file('starts.mjs', 'import { writeFileSync } from "node:fs"; writeFileSync("started", "");');
  const folder = dirname(script);
  const asked = await run(['complete-line', 'bash', '', '--', 'mcp-dbg call ./starts.mjs '], { cwd: folder });
  expect(asked).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(folder, 'started'))).toBe(false);
});
