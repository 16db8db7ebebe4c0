import { afterEach, describe, expect, it } from 'vitest';

import { endProxies } from '../transparency/driver.ts';
import { Peer } from './peer.ts';

afterEach(endProxies);

/**
 * Lists its tools in two pages, and from its second process on answers for the first when the beginning of a line has
 * reached it: then whoever asks for the next page does so while that line comes.
 */
const TWO_PAGES = `
  const { existsSync, writeFileSync, appendFileSync, readdirSync } = require('node:fs');
  const folder = process.argv[1];
  const start = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length + 1;
  const file = folder + '/' + start + '.jsonl';
  appendFileSync(file, '');
  const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  const page = (id) => say(id, { tools: [{ name: 'start', inputSchema: { type: 'object' } }], nextCursor: 'more' });
  let line = '';
  let listing;
  const read = (text) => {
    appendFileSync(file, text + '\\n');
    const { id, method, params } = JSON.parse(text);
    if (method === 'initialize') say(id, { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'pages', version: '1' } });
    if (method === 'tools/list' && params?.cursor) say(id, { tools: [{ name: 'slow', inputSchema: { type: 'object' } }] });
    else if (method === 'tools/list' && start > 1) listing = id;
    else if (method === 'tools/list') page(id);
    if (method === 'tools/call' && params.name === 'crash') process.exit(3);
    if (method === 'tools/call') say(id, { content: [{ type: 'text', text: String(start) }] });
  };
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (line + chunk).split('\\n');
    line = lines.pop();
    lines.forEach(read);
    if (line === '' || listing === undefined) return;
    page(listing);
    listing = undefined;
  });`;

describe('a request that reaches a new process in drips', () => {
  it('is read as one line, though the relay asks that process for its lists meanwhile', async () => {
    const peer = new Peer(
      ['--restart', '--fault', 'method:tools/call tool:slow :: drip=4b/30ms side=req'],
      (folder) => [process.execPath, '-e', TWO_PAGES, folder],
    );
    await peer.initialize();
    await peer.ask('tools/list', {});
    await peer.ask('tools/list', { cursor: 'more' });
    expect((await peer.ask('tools/call', { name: 'crash', arguments: {} })).error?.data).toMatchObject({ exitCode: 3 });
    expect(await peer.call('start')).toBe('2');
    expect(await peer.call('slow')).toBe('2');
    expect(await peer.call('start')).toBe('2');
    expect((await peer.readBy(2, 'tools/call')).slice(-3)).toMatchObject([
      { method: 'tools/call', params: { name: 'slow' } },
      { id: expect.stringMatching(/^mcp-dbg-/), method: 'tools/list', params: { cursor: 'more' } },
      { method: 'tools/call', params: { name: 'start' } },
    ]);
    await peer.end();
  });
});
