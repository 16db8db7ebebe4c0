import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { fixture, pythonWithMcp } from '../src/index.ts';
import { textOf, toolsOf } from './fixture-peer.ts';
import { RawPeer, endPeers } from './raw-peer.ts';

const folder = mkdtempSync(join(tmpdir(), 'python-'));
const found = await pythonWithMcp();
const open = (): RawPeer => new RawPeer('python' in found ? found.python : '', [fixture('weather_py')]);

afterEach(async () => {
  vi.unstubAllEnvs();
  await endPeers();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('weather_py lists a tool that returns a list in the modern era, and fails to in the legacy one', async ({
  skip,
}) => {
  if ('missing' in found) skip(found.missing);
  const modern = open();
  const alerts = toolsOf(await modern.modern('tools/list')).find(({ name }) => name === 'get_alerts');
  expect(alerts).toMatchObject({ outputSchema: { type: 'array' } });
  const result = await modern.call('get_alerts', { state: 'ca' });
  expect(result['structuredContent']).toMatchObject([{ event: 'Heat Advisory' }]);
  expect(textOf(await modern.call('get_forecast', { latitude: 40.7, longitude: -74 }))).toContain(
    'Tonight at 40.7, -74.0',
  );

  const legacy = open();
  await legacy.initialize('2025-11-25');
  expect((await legacy.ask('tools/list'))['error']).toMatchObject({ code: -32603 });
});

it('gives the same Python to all who ask at once', async () => {
  expect(await Promise.all([pythonWithMcp(), pythonWithMcp()])).toEqual([found, found]);
});

it('says what is missing, remembers it, and leaves nothing half made', async () => {
  vi.stubEnv('PATH', folder);
  const both = await Promise.all([pythonWithMcp(folder), pythonWithMcp(folder)]);
  expect(both[0]).toEqual({
    missing: expect.stringMatching(/^Python with mcp==[\d.]+ could not be set up: .*python3/),
  });
  expect(both[1]).toEqual(both[0]);
  expect(readdirSync(folder)).toEqual(['venv-mcp-2.3.0.failed']);
  vi.unstubAllEnvs();
  expect(await pythonWithMcp(folder)).toEqual(both[0]);
});
