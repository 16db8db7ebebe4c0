import { META_KEYS } from '@mcp-dbg/protocol';
import { describe, expect, it } from 'vitest';

import { answer, ask, client, discovered, findingsIn, lines, opened, server, type Transcript } from './transcript.ts';

const rulesIn = (transcript: Transcript): readonly string[] =>
  findingsIn(transcript)
    .filter(({ level }) => level !== 'info')
    .map(({ rule }) => rule);
const TOOLS = { tools: [], ttlMs: 0, cacheScope: 'private' };

describe('a server that did not show that it is modern', () => {
  it('may refuse a modern request in the legacy way', () => {
    const refused = server({ id: 1, error: { code: -32000, message: 'Not initialized' } });
    expect(rulesIn(lines(ask(1, 'tools/list'), refused, opened()))).toEqual([]);
  });

  it('may take a modern request for one of its own', () => {
    expect(rulesIn(lines(ask(1, 'tools/list'), server({ id: 1, result: { tools: [] } })))).toEqual([]);
    const later = lines(opened(), ask(1, 'tools/list'), server({ id: 1, result: { tools: [] } }));
    expect(rulesIn(later)).toEqual([]);
  });

  it('is held to the legacy version that it agreed on when it sends something by itself', () => {
    expect(rulesIn(lines(opened(), server({ method: 'notifications/tools/list_changed' })))).toEqual([]);
  });
});

describe('a server that showed that it is modern', () => {
  it.each([
    ['by server/discover', discovered()],
    ['by the type of a result', lines(ask(0, 'tools/list'), answer(0, TOOLS))],
    ['by an error that only modern servers send', lines(ask(0, 'tools/list'), refusal(0))],
  ])('%s is held to it', (_how, shown) => {
    const bare = server({ id: 1, result: TOOLS });
    expect(rulesIn(lines(shown, ask(1, 'tools/list'), bare))).toContain('results/result-type');
    expect(rulesIn(lines(shown, server({ id: 2, method: 'roots/list' })))).toContain('modern/server-request');
  });

  it('is not held to it for a request that it may have taken for a legacy one', () => {
    const bare = lines(client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools: [] } }));
    expect(rulesIn(lines(discovered(), bare))).toEqual(['meta/protocol-version']);
  });
});

describe('one pipe with both eras', () => {
  const listening = lines(
    opened(),
    ask('listen:0', 'subscriptions/listen', { notifications: { toolsListChanged: true } }),
    news('subscriptions/acknowledged', { notifications: { toolsListChanged: true } }),
  );

  it('judges each request by its own', () => {
    const legacy = lines(client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools: [] } }));
    expect(rulesIn(lines(opened(), legacy, ask(2, 'tools/list'), answer(2, TOOLS), legacyPing(3)))).toEqual([]);
    const untyped = lines(
      ask(2, 'tools/list'),
      answer(2, TOOLS),
      ask(3, 'tools/list'),
      server({ id: 3, result: TOOLS }),
    );
    expect(rulesIn(lines(opened(), untyped))).toContain('results/result-type');
  });

  it('judges what comes through a subscription as modern', () => {
    expect(rulesIn(lines(listening, news('tools/list_changed')))).toEqual([]);
    expect(rulesIn(lines(listening, news('prompts/list_changed')))).toEqual(['subscriptions/filter']);
  });

  it('lets the server ask the client that opened in the legacy way', () => {
    const asks = lines(server({ id: 7, method: 'roots/list' }), client({ id: 7, result: { roots: [] } }));
    expect(rulesIn(lines(listening, asks))).toEqual([]);
  });
});

function refusal(id: number): string {
  const data = { supported: ['2026-07-28'], requested: '2026-07-28' };
  return server({ id, error: { code: -32022, message: 'Unsupported protocol version', data } });
}

function legacyPing(id: number): string {
  return lines(client({ id, method: 'ping' }), server({ id, result: {} }));
}

function news(method: string, params: object = {}): string {
  const _meta = { [META_KEYS.subscriptionId]: 'listen:0' };
  return server({ method: `notifications/${method}`, params: { ...params, _meta } });
}
