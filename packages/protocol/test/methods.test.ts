import { META_KEYS, METHODS, type Method, VERSIONS, type Version, metaOf, methodNamed } from '@mcp-dbg/protocol';
import { describe, expect, it } from 'vitest';

import { publishedMethods, publishedText, schemasMissing } from './published-schemas.ts';

function sentBy(side: 'client' | 'server' | 'embedded', kind: Method['kind'], version: Version): readonly string[] {
  return METHODS.filter((method) => method.kind === kind && method[side].includes(version))
    .map(({ name }) => name)
    .toSorted();
}

describe('METHODS', () => {
  it('names each method once', () => {
    expect(new Set(METHODS.map(({ name }) => name)).size).toBe(METHODS.length);
    expect(methodNamed('tools/call')?.kind).toBe('request');
    expect(methodNamed('tools/cal')).toBeUndefined();
    expect(methodNamed('__proto__')).toBeUndefined();
  });

  it('calls notifications what starts with notifications/, and nothing else', () => {
    for (const { name, kind } of METHODS) {
      expect(kind === 'notification').toBe(name.startsWith('notifications/'));
    }
  });

  it('is sent by somebody, unless an extension has it', () => {
    const idle = METHODS.filter(({ client, server }) => client.length + server.length === 0);
    expect(idle.filter(({ extension }) => extension === undefined)).toEqual([]);
  });

  it.for(VERSIONS)('agrees with the published schema of %s', (version, context) => {
    if (schemasMissing !== undefined) context.skip(schemasMissing);
    expect(sentBy('client', 'request', version)).toEqual(publishedMethods(version, 'ClientRequest'));
    expect(sentBy('server', 'request', version)).toEqual(publishedMethods(version, 'ServerRequest'));
    expect(sentBy('client', 'notification', version)).toEqual(publishedMethods(version, 'ClientNotification'));
    expect(sentBy('server', 'notification', version)).toEqual(publishedMethods(version, 'ServerNotification'));
    expect(sentBy('embedded', 'request', version)).toEqual(publishedMethods(version, 'InputRequest'));
  });
});

describe('META_KEYS', () => {
  it('are the keys that the published schemas have', (context) => {
    if (schemasMissing !== undefined) context.skip(schemasMissing);
    const text = ['2025-11-25', '2026-07-28'].map(publishedText).join('');
    expect(Object.values(META_KEYS).filter((key) => !text.includes(key))).toEqual([]);
  });

  it('are found in params and results alike', () => {
    const meta = { [META_KEYS.protocolVersion]: '2026-07-28' };
    expect(metaOf({ _meta: meta })).toEqual(meta);
    for (const value of [undefined, null, 1, 'text', [], {}, { _meta: null }, { _meta: [] }]) {
      expect(metaOf(value)).toBeUndefined();
    }
  });
});
