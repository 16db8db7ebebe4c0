import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { example, fixture } from '@mcp-dbg/testkit';

const { resolve } = createRequire(import.meta.url);

/** An honest server, and what a person could do with it. */
export interface HonestServer {
  readonly argv: readonly string[];
  /** The era in which it speaks with a client of both. */
  readonly era: 'legacy' | 'modern';
  readonly env?: Readonly<Record<string, string>>;
  readonly calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[];
  /** A call that tells its progress and takes so long that it can be called off meanwhile. */
  readonly long?: readonly [tool: string, args: Readonly<Record<string, unknown>>];
  /** A call that changes the list of tools. */
  readonly changing?: readonly [tool: string, args: Readonly<Record<string, unknown>>];
  readonly prompts?: readonly { name: string; arguments?: Record<string, string> }[];
  readonly completion?: { readonly prompt: string; readonly argument: string; readonly value: string };
}

function official(name: string, ...args: readonly string[]): readonly string[] {
  return [process.execPath, resolve(`@modelcontextprotocol/server-${name}/dist/index.js`), ...args];
}

const SDK_CALLS: HonestServer['calls'] = [
  ['echo', { text: 'grüße, 世界' }],
  ['add', { a: 1, b: 2 }],
  ['add', { a: 'one' }],
  ['fail', {}],
];

const PYTHON_SERVER = fileURLToPath(new URL('python-server.py', import.meta.url));

/** A server on the Python SDK, run by a Python that has it. */
export function pythonServer(python: string): HonestServer {
  return {
    era: 'modern',
    argv: [python, PYTHON_SERVER],
    calls: [
      ['add', { a: 1, b: 2 }],
      ['add', { a: 'one' }],
      ['person', {}],
      ['fail', {}],
      ['work', { steps: 2 }],
    ],
    long: ['work', { steps: 100 }],
    prompts: [{ name: 'greet' }],
  };
}

/** Servers from the registry, on the official SDKs, and of our own, by name. They keep what they keep in `folder`. */
export function honestServers(folder: string): Readonly<Record<string, HonestServer>> {
  return {
    everything: {
      era: 'legacy',
      argv: official('everything'),
      calls: [
        ['echo', { message: 'hello' }],
        ['echo', {}],
        ['get-structured-content', { location: 'Chicago' }],
        ['get-annotated-message', { messageType: 'success', includeImage: true }],
        ['get-resource-links', { count: 2 }],
        ['get-resource-reference', { resourceType: 'Text', resourceId: 1 }],
        ['get-tiny-image', {}],
        ['get-sum', { a: 1, b: 2 }],
        ['get-roots-list', {}],
        ['trigger-sampling-request', { prompt: 'Hello?', maxTokens: 10 }],
        ['trigger-elicitation-request', {}],
        ['trigger-long-running-operation', { duration: 0.1, steps: 2 }],
        ['gzip-file-as-resource', { name: 'hi.gz', data: 'data:text/plain,hi', outputType: 'resourceLink' }],
        // On, and off again: while they are on, it does not end with its input.
        ['toggle-simulated-logging', {}],
        ['toggle-subscriber-updates', {}],
        ['toggle-simulated-logging', {}],
        ['toggle-subscriber-updates', {}],
      ],
      long: ['trigger-long-running-operation', { duration: 1, steps: 10 }],
      prompts: [{ name: 'simple-prompt' }, { name: 'args-prompt', arguments: { city: 'Paris' } }],
      completion: { prompt: 'completable-prompt', argument: 'department', value: 'E' },
    },
    filesystem: {
      era: 'legacy',
      argv: official('filesystem', folder),
      calls: [
        ['write_file', { path: join(folder, 'note.txt'), content: 'one\ntwo\n' }],
        ['read_text_file', { path: join(folder, 'note.txt'), head: 1 }],
        ['list_directory', { path: folder }],
        ['read_text_file', { path: '/etc/passwd' }],
        ['list_allowed_directories', {}],
      ],
    },
    memory: {
      era: 'legacy',
      argv: official('memory'),
      env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') },
      calls: [
        ['create_entities', { entities: [{ name: 'Ada', entityType: 'person', observations: ['wrote notes'] }] }],
        ['search_nodes', { query: 'Ada' }],
        ['add_observations', { observations: [{ entityName: 'nobody', contents: ['x'] }] }],
        ['read_graph', {}],
      ],
    },
    'sequential-thinking': {
      era: 'legacy',
      argv: official('sequential-thinking'),
      calls: [
        ['sequentialthinking', { thought: 'First', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 }],
        ['sequentialthinking', { thought: 'Second' }],
      ],
    },
    'sdk-v1': {
      era: 'legacy',
      argv: [process.execPath, fixture('sdk-v1')],
      calls: SDK_CALLS,
      changing: ['add_tool', {}],
    },
    'sdk-v2': {
      era: 'modern',
      argv: [process.execPath, fixture('sdk-v2')],
      calls: SDK_CALLS,
      changing: ['add_tool', {}],
    },
    weather: {
      era: 'modern',
      argv: [process.execPath, '--import', resolve('tsx'), example('weather')],
      calls: [
        ['get_forecast', { city: 'Paris' }],
        ['get_forecast', { city: 'Atlantis' }],
        ['get_alerts', { state: 'California' }],
      ],
    },
    'bookmarks in Node': { argv: [process.execPath, example('bookmarks-node')], ...bookmarks(folder, 'node.json') },
    'bookmarks in Python': { argv: ['python3', example('bookmarks')], ...bookmarks(folder, 'python.json') },
    progress: {
      era: 'modern',
      argv: [process.execPath, fixture('progress')],
      calls: [['work', { steps: 3 }]],
      long: ['work', { steps: 200, ms: 10 }],
    },
  };
}

function bookmarks(folder: string, name: string): Pick<HonestServer, 'era' | 'env' | 'calls'> {
  return {
    era: 'modern',
    env: { BOOKMARKS_FILE: join(folder, name) },
    calls: [
      ['add_bookmark', { url: 'https://python.org', title: 'Python Docs', tags: ['python'] }],
      ['search_bookmarks', { query: 'python' }],
      ['list_bookmarks_by_tag', { tag: 'tutorial' }],
      ['add_bookmark', { title: 'without an address' }],
    ],
  };
}
