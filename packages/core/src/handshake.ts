import type { Client } from '@modelcontextprotocol/client';
import { type Era, LEGACY_VERSIONS, MODERN_VERSIONS } from '@mcp-dbg/protocol';
import type { NotificationReading } from '@mcp-dbg/wire';

import { describeEnd } from './describe-end.ts';
import { type ModernVerdict, judgeProbe, modernByAnswer } from './era-verdict.ts';
import { CoreError } from './errors.ts';
import type { Link } from './link.ts';
import type { JsonObject } from './model.ts';
import { type ClientInfo, PROBE, probe } from './probe.ts';
import { type Ask, SdkTransport, asking } from './sdk-transport.ts';
import type { EraChoice } from './server-config.ts';
import type { ConnectionEnd } from './server-events.ts';
import { type ServerIdentity, legacyIdentity, modernIdentity } from './server-identity.ts';

export interface HandshakeOptions {
  readonly link: Link;
  readonly clientInfo: ClientInfo;
  /** What is declared to the server. */
  readonly capabilities: JsonObject;
  readonly choice: EraChoice;
  /** Milliseconds of silence after which a probed server counts as legacy. */
  readonly probeMs: number;
  /** Milliseconds for an answer to the handshake itself. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told the method of the request that everything waits for. */
  readonly onWaiting: (method: string) => void;
  /** Told every notification of the server. */
  readonly onTold: (message: NotificationReading) => void;
  /** Told what a person should know of a decision. */
  readonly onNotice: (message: string) => void;
}

/** What the SDK is told of every modern server; who it really is, we read ourselves. */
const DISCOVERED = {
  resultType: 'complete' as const,
  supportedVersions: [...MODERN_VERSIONS],
  capabilities: {},
  ttlMs: 0,
  cacheScope: 'private' as const,
};

const NO_VERSION = "The server's answer to initialize names no protocol version";

/** Milliseconds that a server which answered a late probe may take for `initialize`, which it reads next. */
const NEXT_ANSWER_MS = 3000;

const TOO_LATE =
  'The server speaks the modern protocol too, but said so only after the legacy handshake was under way; going on with that';

/** A server that is ready to be asked, or one whose process ended on the probe: it may yet know the legacy era. */
export type Handshake =
  | {
      readonly kind: 'ready';
      readonly client: Client;
      readonly transport: SdkTransport;
      readonly era: Era;
      readonly identity: ServerIdentity;
    }
  | { readonly kind: 'ended-on-probe' };

/**
 * Finds the era by a probe in place and opens the protocol. An answer for the modern era that comes late overrules
 * the verdict, unless the server takes the legacy handshake too. Throws {@link CoreError}, or the signal's reason.
 */
export async function handshake(options: HandshakeOptions): Promise<Handshake> {
  const { choice, onNotice } = options;
  // The SDK takes as long to load as a server to start, so the two happen side by side.
  const loading = import('@modelcontextprotocol/client');
  const silenceMs = choice === 'modern' ? options.timeoutMs : options.probeMs;
  const verdict = choice === 'legacy' ? undefined : judgeProbe(await asked(options, 'probe-1', silenceMs), silenceMs);
  // One client for all attempts, so that no request id comes twice on the link.
  const client = new (await loading).Client(options.clientInfo, { capabilities: { ...options.capabilities } });
  if (verdict === undefined) return await openLegacy(client, options, false);
  if (verdict.era !== 'legacy') return await openModern(client, options, verdict);
  if (choice === 'modern') throw notModern(options.link);
  if (verdict.why !== undefined) onNotice(verdict.why);
  if (verdict.ended) return { kind: 'ended-on-probe' };
  // Only silence has a reason and no end.
  return await openLegacy(client, options, verdict.why !== undefined);
}

async function asked(
  { link, clientInfo, capabilities, signal, onWaiting }: HandshakeOptions,
  id: string,
  silenceMs: number,
): Promise<Parameters<typeof judgeProbe>[0]> {
  onWaiting(PROBE);
  return await probe(link, { id, clientInfo, capabilities, silenceMs, signal });
}

async function openModern(client: Client, options: HandshakeOptions, first: ModernVerdict): Promise<Handshake> {
  const { link, timeoutMs, onTold } = options;
  const isComplete = first.era === 'none' || first.discover !== undefined;
  const verdict = isComplete ? first : judgeProbe(await asked(options, 'probe-2', timeoutMs), timeoutMs);
  if (verdict.era === 'none') throw noCommonVersion(verdict.supported);
  if (verdict.era === 'legacy' || verdict.discover === undefined) throw notModern(link);
  const transport = new SdkTransport(link, { onTold });
  await client.connect(transport, { prior: { kind: 'modern', discover: DISCOVERED } });
  return { kind: 'ready', client, transport, era: 'modern', identity: modernIdentity(verdict.discover) };
}

async function openLegacy(client: Client, options: HandshakeOptions, wasSilent: boolean): Promise<Handshake> {
  const { link, choice, signal, timeoutMs, onWaiting, onNotice, onTold } = options;
  const heard: { late?: ModernVerdict; mayEndOnProbe: boolean } = { mayEndOnProbe: wasSilent };
  let overrule: (verdict: ModernVerdict) => void;
  const overruled = new Promise<ModernVerdict>((resolve) => (overrule = resolve));
  const transport = new SdkTransport(link, {
    onTold,
    onUnasked: (message, { method }) => {
      if (method !== PROBE) return;
      heard.mayEndOnProbe = false;
      const verdict = modernByAnswer(message);
      if (verdict === undefined) return;
      heard.late = verdict;
      // What comes of initialize, which it reads next, says more; but it may never say anything.
      setTimeout(overrule, NEXT_ANSWER_MS, verdict).unref();
    },
  });
  onWaiting('initialize');
  const ask: Ask = {};
  const connecting = asking
    .run(ask, () => client.connect(transport, { prior: { kind: 'legacy' }, timeout: timeoutMs, signal }))
    .then(
      (): ModernVerdict | 'ended' | undefined => undefined,
      async (error: unknown) => {
        const refusal = heard.late ?? (ask.answer && modernByAnswer(ask.answer));
        if (choice !== 'legacy' && refusal !== undefined) return refusal;
        if (heard.mayEndOnProbe && !signal.aborted && (await endBehind(error, link)) !== undefined) return 'ended';
        throw await legacyFailed(error, ask, options);
      },
    );
  const verdict = await Promise.race([connecting, ...(choice === 'legacy' ? [] : [overruled])]);
  if (verdict === undefined) {
    const identity = ask.answer?.kind === 'result' ? legacyIdentity(ask.answer.result) : undefined;
    if (identity === undefined) throw new CoreError('BAD_ANSWER', NO_VERSION);
    // By its answer to initialize a server of both eras is held to the legacy one for as long as its process lives.
    if (heard.late?.era === 'modern') onNotice(TOO_LATE);
    return { kind: 'ready', client, transport, era: 'legacy', identity };
  }
  if (verdict === 'ended') {
    onNotice('The server ended once it read server/discover, so starting it once more with the legacy handshake');
    return { kind: 'ended-on-probe' };
  }
  // The same client goes on, so its first connection must be over: closing it is what ends `connecting`.
  await client.close();
  await connecting.catch(() => {});
  onNotice('The server speaks the modern protocol after all; going on with that');
  return await openModern(client, options, verdict);
}

async function legacyFailed(
  error: unknown,
  { answer, lost }: Ask,
  { link, timeoutMs, signal }: HandshakeOptions,
): Promise<Error> {
  if (signal.aborted) return signal.reason as Error;
  // The link says best what became of a request that it carried.
  if (lost !== undefined) return lost;
  const end = await endBehind(error, link);
  if (end !== undefined) {
    const message = `The server ended before it answered initialize: ${describeEnd(end)}`;
    return new CoreError('CONNECTION_LOST', message, { isRemote: link.pid === null });
  }
  if (code(error) === 'REQUEST_TIMEOUT') {
    const what = link.pid === null ? 'is it the URL of an MCP server?' : 'is it an MCP server on stdio?';
    return new CoreError('TIMEOUT', `The server did not answer initialize within ${timeoutMs / 1000} s; ${what}`);
  }
  // After its answer the server may still refuse notifications/initialized, over HTTP.
  if (error instanceof CoreError) return error;
  if (answer?.kind === 'result') {
    const identity = legacyIdentity(answer.result);
    return identity === undefined
      ? new CoreError('BAD_ANSWER', NO_VERSION)
      : noCommonVersion([identity.protocolVersion]);
  }
  return new CoreError('BAD_ANSWER', `The handshake failed: ${text(error)}`, { cause: error });
}

/** The server's end, where that is why a request failed. */
async function endBehind(error: unknown, link: Link): Promise<ConnectionEnd | undefined> {
  // A server that can no longer be written to is on its way out.
  return link.end ?? (code(error) === 'CONNECTION_LOST' ? await link.ended : undefined);
}

function notModern({ end, pid }: Link): CoreError {
  const ours = MODERN_VERSIONS.join(', ');
  if (end !== undefined) {
    const message = `The server ended before it answered ${PROBE}: ${describeEnd(end)}`;
    return new CoreError('CONNECTION_LOST', message, { isRemote: pid === null });
  }
  const why = `it did not answer ${PROBE} as a modern server does`;
  return new CoreError('NO_COMMON_VERSION', `The server does not speak MCP ${ours}: ${why}`);
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
