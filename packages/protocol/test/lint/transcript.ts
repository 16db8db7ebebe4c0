import { META_KEYS } from '@mcp-dbg/protocol';
import { type Finding, Linter, type LinterOptions } from '@mcp-dbg/protocol/lint';
import { FrameStream, type Sender } from '@mcp-dbg/wire';

/**
 * What happened on one connection, a line each:
 *
 *     > {"jsonrpc":…}     the client wrote this line
 *     < {"jsonrpc":…}     the server wrote this line
 *     <x 68ff             the server wrote these bytes, and no newline (>x for the client)
 *     ~ Traceback …       a line of stderr
 *     ! eof               the client ended the server's input
 *     ! signal            the server was sent a signal
 *     ! wait              five seconds passed
 *     ! exit 1            the process ended with a status, or by a signal such as SIGKILL
 */
export type Transcript = string;

/** What the linter finds in a transcript, at its end too. */
export function findingsIn(transcript: Transcript, options?: LinterOptions): readonly Finding[] {
  const linter = new Linter(options);
  const frames = new FrameStream();
  const found: Finding[] = [];
  let us = 0;
  let stderr: string | undefined;
  const read = (from: Sender, bytes: Uint8Array): void => {
    for (const frame of frames.read(from, bytes, us)) found.push(...linter.see(frame));
  };
  for (const line of transcript.split('\n')) {
    us += 1000;
    const [, mark = '', text = ''] = /^\s*([<>]x?|~|!) ?(.*)$/su.exec(line) ?? [];
    if (mark === '>' || mark === '<') read(senderOf(mark), new TextEncoder().encode(`${text}\n`));
    else if (mark === '>x' || mark === '<x') read(senderOf(mark), Buffer.from(text, 'hex'));
    else if (mark === '~') stderr = text;
    else if (mark === '!') happen(text);
    else if (line.trim() !== '') throw new Error(`a transcript has no line such as ${line}`);
  }
  for (const from of ['client', 'server'] as const) finish(from);
  return [...found, ...linter.end(us)];

  function finish(from: Sender): void {
    const last = frames.end(from, us);
    if (last !== undefined) found.push(...linter.see(last));
  }

  function happen(what: string): void {
    const [, status] = /^exit (\S+)$/.exec(what) ?? [];
    if (what === 'eof' || what === 'signal') linter.asksToEnd(what, us);
    else if (what === 'wait') us += 5_000_000;
    else if (status !== undefined) {
      finish('server');
      const code = /^\d+$/.test(status) ? Number(status) : null;
      found.push(...linter.exit({ us, code, signal: code === null ? status : null, stderr }));
    } else throw new Error(`nothing such as "${what}" happens`);
  }
}

function senderOf(mark: string): Sender {
  return mark.startsWith('>') ? 'client' : 'server';
}

/** One line of the client, or of the server: a message of which everything but its version is given. */
export const client = (message: object): string => `> ${JSON.stringify({ jsonrpc: '2.0', ...message })}`;
export const server = (message: object): string => `< ${JSON.stringify({ jsonrpc: '2.0', ...message })}`;

/** Lines one below the other. */
export const lines = (...each: readonly string[]): Transcript => each.join('\n');

const ALL_CAPABILITIES = {
  server: {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    logging: {},
    completions: {},
  },
  client: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
};

/** How a legacy connection opens; both sides can do everything where nothing else is said. */
export function opened(
  version: string = '2025-11-25',
  capabilities: { readonly client?: object; readonly server?: object } = {},
): Transcript {
  const can = { ...ALL_CAPABILITIES, ...capabilities };
  const clientInfo = { name: 'client', version: '1' };
  const serverInfo = { name: 'server', version: '1' };
  return lines(
    client({ id: 0, method: 'initialize', params: { protocolVersion: version, capabilities: can.client, clientInfo } }),
    server({ id: 0, result: { protocolVersion: version, capabilities: can.server, serverInfo } }),
    client({ method: 'notifications/initialized' }),
  );
}

/** The `_meta` of a modern request. */
export function meta(more: object = {}, clientCapabilities: object = ALL_CAPABILITIES.client): object {
  return {
    [META_KEYS.protocolVersion]: '2026-07-28',
    [META_KEYS.clientInfo]: { name: 'client', version: '1' },
    [META_KEYS.clientCapabilities]: clientCapabilities,
    ...more,
  };
}

/** A modern request. */
export function ask(id: number | string, method: string, params: object = {}, more: object = {}): string {
  return client({ id, method, params: { ...params, _meta: meta(more) } });
}

/** A modern result. */
export function answer(id: number | string, result: object = {}): string {
  const serverInfo = { [META_KEYS.serverInfo]: { name: 'server', version: '1' } };
  return server({ id, result: { resultType: 'complete', ...result, _meta: serverInfo } });
}

/** How a modern client finds out that the server is modern too, with what the server can do. */
export function discovered(capabilities: object = ALL_CAPABILITIES.server): Transcript {
  const result = { supportedVersions: ['2026-07-28'], capabilities, ttlMs: 0, cacheScope: 'private' };
  return lines(ask('probe', 'server/discover'), answer('probe', result));
}
