import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { example } from '../src/index.ts';
import { schemaProblem } from './published-schemas.ts';
import { RawPeer, endPeers } from './raw-peer.ts';
import { withStockClients } from './stock-clients.ts';

const script = example('weather');
// tsx is installed beside the example, where `--import` looks for it.
const server = { command: process.execPath, args: ['--import', 'tsx', script], cwd: dirname(script) };
const open = (): RawPeer => new RawPeer(server.command, server.args, server);

afterAll(endPeers);

describe.concurrent('the weather example', () => {
  it('serves the modern era as published, tells the model what it got wrong, and ends with stdin', async () => {
    const peer = open();
    expect(schemaProblem('2026-07-28', 'DiscoverResult', (await peer.modern('server/discover'))['result'])).toBe('');
    expect(schemaProblem('2026-07-28', 'ListToolsResult', (await peer.modern('tools/list'))['result'])).toBe('');
    const forecast = await peer.call('get_forecast', { city: 'san francisco' });
    expect(forecast['structuredContent']).toMatchObject({ city: 'San Francisco', days: { length: 3 } });
    expect(schemaProblem('2026-07-28', 'CallToolResult', forecast)).toBe('');
    expect(await peer.call('get_alerts', { state: 'ny' })).toMatchObject({
      content: [{ text: 'No active alerts for NY.' }],
    });
    const unknown = await peer.call('get_forecast', { city: 'Atlantis' });
    expect(unknown).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Known cities: New York') }],
    });
    expect(await peer.call('get_alerts', { state: 'California' })).toMatchObject({ isError: true });
    peer.end();
    expect(await peer.exit).toEqual({ code: 0, signal: null });
    expect(peer.noise).toEqual([]);
  });

  it('serves the legacy era as published', async () => {
    const peer = open();
    expect(schemaProblem('2025-11-25', 'InitializeResult', (await peer.initialize('2025-11-25'))['result'])).toBe('');
    expect(schemaProblem('2025-11-25', 'ListToolsResult', (await peer.ask('tools/list'))['result'])).toBe('');
    const alerts = await peer.ask('tools/call', { name: 'get_alerts', arguments: { state: 'ca' } });
    expect(alerts['result']).toMatchObject({ structuredContent: { state: 'CA', alerts: { length: 2 } } });
    expect(schemaProblem('2025-11-25', 'CallToolResult', alerts['result'])).toBe('');
  });

  it('serves the stock clients of both SDKs', async () => {
    await withStockClients(server, async ({ modern, legacy }) => {
      expect(modern.getNegotiatedProtocolVersion()).toBe('2026-07-28');
      for (const client of [modern, legacy]) {
        expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['get_forecast', 'get_alerts']);
        const forecast = await client.callTool({ name: 'get_forecast', arguments: { city: 'Paris' } });
        expect(forecast.structuredContent).toMatchObject({ city: 'Paris' });
      }
    });
  });
});
