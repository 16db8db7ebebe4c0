import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { run, scratch } from './driver.ts';

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';

describe('proxy --announce', () => {
  it('says on stderr how the server lives and which rules it breaks, each once, and changes no byte of stdout', async () => {
    const argv = ['--no-capture', '--', process.execPath, fixture('prints-banner')];
    const plain = await run(['proxy', ...argv], { stdin: PING });
    const announced = await run(['proxy', '--announce', ...argv], { stdin: PING });
    expect(announced.stdout).toBe(plain.stdout);
    expect(announced.code).toBe(plain.code);
    expect(announced.stderr).toMatch(/^mcp-dbg: server started, pid \d+$/m);
    expect(announced.stderr.match(/^mcp-dbg: error stdio\/not-json: .* \[frame \d+\]$/gm)).toHaveLength(1);
    expect(announced.stderr).toMatch(/^mcp-dbg: server exited: code 0$/m);
    expect(announced.stderr).toMatch(/^mcp-dbg: 5 frames, broken rules: 1; mcp-dbg lint says all\n$/m);
  });

  it('says so in a file too, below what the server wrote', async () => {
    const file = join(scratch, 'announced.txt');
    const shell = ['sh', '-c', `exec "$@" 2>'${file}'`, 'sh'];
    const argv = ['proxy', '--announce', '--no-capture', '--', process.execPath, fixture('crashes-on-call')];
    const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"crash","arguments":{}}}\n';
    await run(argv, { stdin: call, under: shell });
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^mcp-dbg: server started/);
    expect(text).toMatch(/mcp-dbg: server exited: /);
    expect(text).toMatch(/broken rules: \d+; mcp-dbg lint says all\n$/);
  });

  it('makes hidden characters visible', async () => {
    const server = String.raw`process.stdout.write('\u001b]0;x\u0007\n'); process.stdin.resume()`;
    const { stderr } = await run(['proxy', '--announce', '--no-capture', '--', process.execPath, '-e', server]);
    expect(stderr).toContain('error stdio/not-json');
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});
