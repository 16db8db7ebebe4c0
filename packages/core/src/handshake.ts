import { Client } from '@modelcontextprotocol/client';
import { type Era, LEGACY_VERSIONS, MODERN_VERSIONS } from '@mcp-dbg/protocol';

import { describeEnd } from './describe-end.ts';
import { CoreError } from './errors.ts';
import { type ModernVerdict, judgeProbe, modernByAnswer } from './era-verdict.ts';
import type { Link } from './link.ts';
import { type ClientInfo, PROBE, probe } from './probe.ts';
import type { EraChoice } from './server-config.ts';
import { type Ask, SdkTransport, asking } from './sdk-transport.ts';

export interface HandshakeOptions {
  readonly link: Link;
  readonly clientInfo: ClientInfo;
  readonly choice: EraChoice;
  /** Milliseconds of silence after which a probed server counts as legacy. */
  readonly probeMs: number;
  /** Milliseconds for an answer to the handshake itself. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told the method of the request that everything waits for. */
  readonly onWaiting: (method: string) => void;
  /** Told what a person should know of a decision. */
  readonly onNotice: (message: string) => void;
}

/** A server that is ready to be asked, or one that must be started once more for the legacy handshake. */
export type Handshake =
  | { readonly kind: 'ready'; readonly client: Client; readonly era: Era }
  | { readonly kind: 'respawn' };

/**
 * Finds the era by a probe in place and opens the protocol. An answer for the modern era that comes late overrules
 * the verdict. Throws {@link CoreError}, or the signal's reason.
 */
export async function handshake(options: HandshakeOptions): Promise<Handshake> {
  const { link, clientInfo, choice, signal, timeoutMs } = options;
  if (choice === 'legacy') return await openLegacy(options);
  const silenceMs = choice === 'modern' ? timeoutMs : options.probeMs;
  options.onWaiting(PROBE);
  const verdict = judgeProbe(await probe(link, clientInfo, silenceMs, signal), silenceMs);
  if (verdict.era !== 'legacy') return await openModern(options, verdict);
  if (choice === 'modern') throw await notModern(link);
  if (verdict.why !== undefined) options.onNotice(verdict.why);
  return verdict.respawn ? { kind: 'respawn' } : await openLegacy(options);
}

async function openModern(options: HandshakeOptions, first: ModernVerdict): Promise<Handshake> {
  const { link, clientInfo, timeoutMs, signal } = options;
  const verdict =
    first.era === 'modern' && first.discover === undefined
      ? judgeProbe(await probe(link, clientInfo, timeoutMs, signal), timeoutMs)
      : first;
  if (verdict.era === 'none') throw noCommonVersion(verdict.supported);
  if (verdict.era === 'legacy' || verdict.discover === undefined) throw await notModern(link);
  const client = new Client(clientInfo, {});
  // The SDK takes a discover result only when it is complete, and servers leave things out.
  const discover = { resultType: 'complete', capabilities: {}, ttlMs: 0, cacheScope: 'private', ...verdict.discover };
  try {
    await client.connect(new SdkTransport(link), { prior: { kind: 'modern', discover: discover as never } });
  } catch (error) {
    throw new CoreError('BAD_ANSWER', `Cannot use the server's answer to ${PROBE}: ${text(error)}`, { cause: error });
  }
  return { kind: 'ready', client, era: 'modern' };
}

async function openLegacy(options: HandshakeOptions): Promise<Handshake> {
  const { link, clientInfo, choice, signal, timeoutMs, onWaiting, onNotice } = options;
  const client = new Client(clientInfo, {});
  let overrule: (verdict: ModernVerdict) => void;
  const overruled = new Promise<ModernVerdict>((resolve) => (overrule = resolve));
  const transport = new SdkTransport(link, (message) => {
    const verdict = modernByAnswer(message);
    if (verdict !== undefined) overrule(verdict);
  });
  onWaiting('initialize');
  const ask: Ask = {};
  const connecting = asking
    .run(ask, () => client.connect(transport, { prior: { kind: 'legacy' }, timeout: timeoutMs, signal }))
    .then((): ModernVerdict | undefined => undefined)
    .catch(async (error: unknown) => {
      const refusal = ask.answer && modernByAnswer(ask.answer);
      if (choice === 'legacy' || refusal === undefined) throw await legacyFailed(error, options);
      return refusal;
    });
  const verdict = await Promise.race([connecting, ...(choice === 'legacy' ? [] : [overruled])]);
  if (verdict === undefined) return { kind: 'ready', client, era: 'legacy' };
  connecting.catch(() => {});
  await client.close();
  onNotice('The server speaks the modern protocol after all; going on with that');
  return await openModern(options, verdict);
}

async function legacyFailed(error: unknown, { link, timeoutMs, signal }: HandshakeOptions): Promise<Error> {
  if (signal.aborted) return signal.reason as Error;
  const end = link.end;
  if (end !== undefined) return new CoreError('CONNECTION_LOST', `The server ended before it answered initialize: ${describeEnd(end)}`);
  if (code(error) === 'REQUEST_TIMEOUT') {
    return new CoreError('TIMEOUT', `The server did not answer initialize within ${timeoutMs / 1000} s; is it an MCP server on stdio?`);
  }
  return new CoreError('BAD_ANSWER', `The handshake failed: ${text(error)}`, { cause: error });
}

async function notModern(link: Link): Promise<CoreError> {
  const end = link.end;
  const why = end === undefined ? 'it did not answer server/discover as a modern server does; try --era legacy' : describeEnd(end);
  return new CoreError('NO_COMMON_VERSION', `The server does not speak MCP ${MODERN_VERSIONS.join(', ')}: ${why}`);
}

function noCommonVersion(supported: readonly string[]): CoreError {
  const theirs = supported.length === 0 ? 'names no version' : `speaks ${supported.join(', ')}`;
  const ours = [...LEGACY_VERSIONS, ...MODERN_VERSIONS].join(', ');
  return new CoreError('NO_COMMON_VERSION', `The server ${theirs}, and this client speaks ${ours}`);
}

function code(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
