import type { Version } from '@mcp-dbg/protocol';
import { type ShapeFault, checkShape, errorDataShapeOf, paramsShapeOf, resultShapeOf } from '@mcp-dbg/protocol/lint';
import { describe, expect, it } from 'vitest';

const inputSchema = { type: 'object' };
const block = { type: 'text', text: 'Sunny' };
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

function faultsOfParams(method: string, params: unknown, version: Version): readonly ShapeFault[] {
  const slot = paramsShapeOf(method, version);
  if (slot === undefined) throw new Error(`${version} has no ${method}`);
  return checkShape(slot, params, version);
}

function faultsOfResult(method: string, result: unknown, version: Version): readonly ShapeFault[] {
  const slot = resultShapeOf(method, version);
  if (slot === undefined) throw new Error(`${version} has no result of ${method}`);
  return checkShape(slot, result, version);
}

describe('a fault', () => {
  it('says where nothing stands that has to', () => {
    const tools = [{ name: 'a', inputSchema }, { name: 'b' }];
    expect(faultsOfResult('tools/list', { tools }, '2025-11-25')).toEqual([
      { path: 'tools[1].inputSchema', kind: 'missing', expected: 'an object', found: 'nothing' },
    ]);
    expect(faultsOfResult('resources/read', { contents: [{ uri: 'a:b' }] }, '2025-11-25')).toEqual([
      { path: 'contents[0]', kind: 'missing', expected: 'a member text or blob', found: '{"uri"}' },
    ]);
    expect(faultsOfResult('tools/call', { content: [{ text: 'a' }] }, '2024-11-05')).toEqual([
      { path: 'content[0].type', kind: 'missing', expected: 'one of text, image, resource', found: 'nothing' },
    ]);
  });

  it('says what stands where something of another type has to', () => {
    const tools = [{ name: 1, inputSchema: null }];
    expect(faultsOfResult('tools/list', { tools }, '2025-11-25')).toEqual([
      { path: 'tools[0].name', kind: 'type', expected: 'a string', found: '1' },
      { path: 'tools[0].inputSchema', kind: 'type', expected: 'an object', found: 'null' },
    ]);
    expect(faultsOfParams('notifications/progress', { progressToken: 1.5, progress: 1 }, '2025-11-25')).toEqual([
      { path: 'progressToken', kind: 'type', expected: 'a string or a whole number', found: '1.5' },
    ]);
  });

  it('says which values the place has', () => {
    const result = { _meta: {}, resultType: 'complete', tools: [], ttlMs: -1, cacheScope: 'everybody' };
    expect(faultsOfResult('tools/list', result, '2026-07-28')).toEqual([
      { path: 'ttlMs', kind: 'value', expected: 'a whole number, 0 or more', found: '-1' },
      { path: 'cacheScope', kind: 'value', expected: 'one of public, private', found: '"everybody"' },
    ]);
    const prompt = { messages: [{ role: 'user', content: { type: 'video' } }] };
    expect(faultsOfResult('prompts/get', prompt, '2024-11-05')).toEqual([
      { path: 'messages[0].content.type', kind: 'value', expected: 'one of text, image, resource', found: '"video"' },
    ]);
    const rated = { content: [{ ...block, annotations: { priority: 2 } }] };
    expect(faultsOfResult('tools/call', rated, '2025-11-25')[0]?.expected).toBe('a number from 0 to 1');
    const array = [{ name: 'a', inputSchema: { type: 'array' } }];
    expect(faultsOfResult('tools/list', { tools: array }, '2025-11-25')[0]?.expected).toBe('"object"');
  });

  it('says which revision brought what is too new', () => {
    const result = { content: [{ type: 'audio', data: '', mimeType: 'audio/wav' }], structuredContent: {} };
    expect(faultsOfResult('tools/call', result, '2024-11-05')).toEqual([
      {
        path: 'content[0].type',
        kind: 'too-new',
        expected: 'nothing before 2025-03-26',
        since: '2025-03-26',
        found: '"audio"',
      },
      {
        path: 'structuredContent',
        kind: 'too-new',
        expected: 'nothing before 2025-06-18',
        since: '2025-06-18',
        found: '{}',
      },
    ]);
  });

  it('says which revision was the last to have what is removed', () => {
    const params = { _meta: meta, name: 'a', task: { ttl: 1000 } };
    expect(faultsOfParams('tools/call', params, '2026-07-28')).toEqual([
      { path: 'task', kind: 'removed', expected: 'nothing after 2025-11-25', found: '{"ttl"}' },
    ]);
  });

  it('writes names that are no words as JSON, cut where they are long', () => {
    const paths = faultsOfParams('tools/call', { name: 'a' }, '2026-07-28').map(({ path }) => path);
    expect(paths).toEqual(['_meta']);
    const bare = faultsOfParams('tools/call', { name: 'a', _meta: {} }, '2026-07-28').map(({ path }) => path);
    expect(bare).toContain('_meta["io.modelcontextprotocol/protocolVersion"]');
    const odd = JSON.parse(`{"name":"a","arguments":{"__proto__":1,"${'k'.repeat(100)}":2,"a\\n":3}}`) as unknown;
    const oddPaths = faultsOfParams('prompts/get', odd, '2025-11-25').map(({ path }) => path);
    expect(oddPaths).toEqual(['arguments.__proto__', `arguments["${'k'.repeat(59)}…"]`, 'arguments["a\\n"]']);
  });

  it('shows at most 60 characters of what it found', () => {
    const big = [{ ['k'.repeat(100)]: 1 }, [1, 2, 3], 'x'.repeat(1000), { one: 1, two: 2 }];
    const found = faultsOfResult('tools/list', { tools: big }, '2025-11-25').map((fault) => fault.found);
    expect(found.every((text) => text.length <= 60)).toBe(true);
    expect(found).toContain('[3 items]');
    expect(found).toContain(`"${'x'.repeat(58)}…`);
  });
});

describe('a check', () => {
  it('reports 20 faults at most', () => {
    const tools = Array.from({ length: 1000 }, () => ({}));
    expect(faultsOfResult('tools/list', { tools }, '2025-11-25')).toHaveLength(20);
  });

  it('reports what is too new once, however often it stands there', () => {
    const tools = Array.from({ length: 50 }, () => ({ name: 'a', title: 'A', inputSchema, execution: {} }));
    expect(faultsOfResult('tools/list', { tools: [...tools, { name: 'b' }] }, '2025-03-26')).toMatchObject([
      { path: 'tools[0].title', kind: 'too-new' },
      { path: 'tools[0].execution', kind: 'too-new' },
      { path: 'tools[50].inputSchema', kind: 'missing' },
    ]);
  });

  it('goes no deeper than the table', () => {
    const depth = 100_000;
    const deep: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(faultsOfParams('tools/call', { name: 'a', arguments: { deep } }, '2025-11-25')).toEqual([]);
    expect(faultsOfParams('tools/call', { name: deep }, '2025-11-25')[0]?.found).toBe('[1 item]');
  });

  it('takes nothing from prototypes', () => {
    const params = Object.create({ name: 'a' }) as unknown;
    expect(faultsOfParams('tools/call', params, '2025-11-25').map(({ kind }) => kind)).toEqual(['missing']);
    const result = { content: [{ type: 'toString' }, { type: '__proto__' }] };
    expect(faultsOfResult('tools/call', result, '2025-11-25').map(({ kind }) => kind)).toEqual(['value', 'value']);
  });
});

describe('the shapes of a method', () => {
  it('are known where the revision has the method', () => {
    expect(paramsShapeOf('elicitation/create', '2025-03-26')).toBeUndefined();
    expect(paramsShapeOf('initialize', '2026-07-28')).toBeUndefined();
    expect(resultShapeOf('ping', '2026-07-28')).toBeUndefined();
    expect(paramsShapeOf('tools/cal', '2025-11-25')).toBeUndefined();
    expect(paramsShapeOf('__proto__', '2025-11-25')).toBeUndefined();
    expect(resultShapeOf('notifications/progress', '2025-11-25')).toBeUndefined();
  });

  it('let legacy params be left out, and never modern ones of a request', () => {
    expect(faultsOfParams('tools/list', undefined, '2025-11-25')).toEqual([]);
    expect(faultsOfParams('tools/list', undefined, '2026-07-28')[0]?.kind).toBe('missing');
    expect(faultsOfParams('notifications/tools/list_changed', undefined, '2026-07-28')).toEqual([]);
    expect(faultsOfParams('tools/call', undefined, '2024-11-05')[0]?.path).toBe('');
  });

  it('have the envelope alone of what an extension brought', () => {
    expect(faultsOfParams('skills/get', { _meta: meta, name: 1 }, '2026-07-28')).toEqual([]);
    expect(faultsOfParams('tasks/get', {}, '2026-07-28').map(({ path }) => path)).toEqual(['_meta']);
    expect(faultsOfResult('tasks/get', { anything: 1 }, '2026-07-28').map(({ path }) => path)).toEqual(['resultType']);
    expect(paramsShapeOf('skills/get', '2025-11-25')).toBeUndefined();
  });

  it('let a modern tool give any JSON and describe it in any schema', () => {
    const tools = [{ name: 'a', inputSchema, outputSchema: { type: 'array' } }];
    const listed = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools };
    expect(faultsOfResult('tools/list', listed, '2026-07-28')).toEqual([]);
    expect(faultsOfResult('tools/list', { tools }, '2025-11-25').map(({ path }) => path)).toEqual([
      'tools[0].outputSchema.type',
    ]);
    const called = { resultType: 'complete', content: [], structuredContent: [1] };
    expect(faultsOfResult('tools/call', called, '2026-07-28')).toEqual([]);
  });

  it('are those of the type that a modern result says it is of', () => {
    expect(faultsOfResult('tools/call', { content: [block] }, '2026-07-28').map(({ path }) => path)).toEqual([
      'resultType',
    ]);
    expect(faultsOfResult('tools/call', { resultType: 'task', taskId: 1 }, '2026-07-28')).toEqual([]);
    expect(faultsOfResult('tools/list', { resultType: 'of an extension' }, '2026-07-28')).toEqual([]);
    expect(faultsOfResult('tools/call', { resultType: 1, content: [] }, '2026-07-28')[0]?.kind).toBe('type');
  });

  it('look into requests for input and their answers', () => {
    const asks = {
      resultType: 'input_required',
      inputRequests: {
        name: { method: 'elicitation/create', params: { message: 'Who?' } },
        where: { method: 'roots/list' },
        what: { method: 'tools/list' },
      },
    };
    expect(faultsOfResult('tools/call', asks, '2026-07-28').map(({ path }) => path)).toEqual([
      'inputRequests.name.params.requestedSchema',
      'inputRequests.what.method',
    ]);
    const inputResponses = { name: { action: 'accept', content: { name: 'A', age: 1.5 } }, where: { roots: [{}] } };
    const retry = { _meta: meta, name: 'a', inputResponses };
    expect(faultsOfParams('tools/call', retry, '2026-07-28').map(({ path }) => path)).toEqual([
      'inputResponses.where.roots[0].uri',
    ]);
  });

  it('look into the data of errors that have some', () => {
    const slot = errorDataShapeOf(-32022, '2026-07-28');
    expect(slot && checkShape(slot, { supported: '2026-07-28' }, '2026-07-28').map(({ path }) => path)).toEqual([
      'supported',
      'requested',
    ]);
    expect(errorDataShapeOf(-32022, '2025-11-25')).toBeUndefined();
    expect(errorDataShapeOf(-32042, '2026-07-28')).toBeUndefined();
    expect(errorDataShapeOf(-32601, '2026-07-28')).toBeUndefined();
  });

  it('let a request of 2025-11-25 become a task', () => {
    const task = { taskId: 'a', status: 'working', createdAt: 'now', lastUpdatedAt: 'now', ttl: null };
    expect(faultsOfResult('tools/call', { task }, '2025-11-25')).toEqual([]);
    expect(faultsOfResult('tools/call', { task }, '2025-06-18').map(({ path }) => path)).toEqual(['content']);
  });
});
