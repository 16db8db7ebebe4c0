import { type Exchange, Exchanges } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';

import { type ConnectionFacts, factsOf } from '../export/peer-facts.ts';
import { cutAnswer } from './cut-answer.ts';
import type { CrashInFlight, CrashPeer } from './crash-report.ts';
import type { CrashFrames } from './crash-frames.ts';
import type { KeptFrame } from './kept-traffic.ts';

/** Requests that are listed at most. */
const MAX_IN_FLIGHT = 50;

/** Exchanges that are asked who talks: whoever says it does so early. */
const MAX_ASKED = 100;

/** What the frames of a connection tell of its peers, and of what was not answered. */
export interface CrashConversation {
  readonly client: CrashPeer;
  readonly server: CrashPeer;
  readonly protocolVersion: string | null;
  readonly inFlight: readonly CrashInFlight[];
  readonly inFlightMore: number;
}

/**
 * Reads frames as MCP means them. What we answered because the process had ended leaves the request in flight. A stream
 * of a subscription is not in flight: nobody waits for its answer.
 */
export function readConversation(
  frames: readonly KeptFrame[],
  { endUs, pid }: { readonly endUs: number; readonly pid: number },
  room: CrashFrames,
): CrashConversation {
  const exchanges = new Exchanges();
  const facts = new Facts();
  const ours = new Map<string, CrashInFlight>();
  const kept = new Map<number, KeptFrame>();
  for (const frame of frames) {
    // Of a line that is too long no more is known than how it begins and ends.
    if (frame.bytes.length < frame.size) {
      const bytes = cutAnswer(frame);
      if (bytes !== undefined) for (const { n } of exchanges.see({ ...frame, bytes }).answered) kept.delete(n);
      continue;
    }
    const answer = ourAnswer(frame, pid);
    if (answer !== undefined) {
      ours.set(answer.id, answer);
      continue;
    }
    const { began, answered } = exchanges.see(frame);
    if (began?.status === 'pending') kept.set(began.n, frame);
    for (const each of answered) kept.delete(each.n);
    for (const each of [began, ...answered]) if (each !== undefined) facts.see(each);
  }
  const waiting = exchanges.pending
    .filter(({ method }) => method !== 'subscriptions/listen')
    .map((exchange): CrashInFlight => {
      const { id, from, method, tool, frame, n } = exchange;
      if (from === 'client' && id !== undefined) ours.delete(id);
      const own = kept.get(n);
      return {
        id: id ?? null,
        from,
        method: method ?? null,
        tool: tool ?? null,
        waitedMs: Math.max(0, endUs - frame.endUs) / 1000,
        frame: (own === undefined ? undefined : room.take(own)) ?? null,
      };
    });
  // What we answered and do not know any more began before what is known.
  const all = [...ours.values(), ...waiting];
  return {
    client: peer(facts.client),
    server: peer(facts.server),
    protocolVersion: facts.version ?? null,
    inFlight: all.slice(0, MAX_IN_FLIGHT),
    inFlightMore: Math.max(0, all.length - MAX_IN_FLIGHT),
  };
}

/** What an answer of ours that tells of the end of this process says of its request. */
function ourAnswer(frame: KeptFrame, pid: number): (CrashInFlight & { readonly id: string }) | undefined {
  if (frame.by === undefined || frame.from !== 'server') return undefined;
  const reading = readFrame(frame.bytes);
  if (reading.kind !== 'error') return undefined;
  const cause = field(reading.error, 'data');
  if (!frame.isPostEnd && field(cause, 'pid') !== pid) return undefined;
  const method = field(cause, 'method');
  return {
    id: reading.id,
    from: 'client',
    method: typeof method === 'string' ? method.slice(0, 200) : null,
    tool: null,
    waitedMs: null,
    frame: null,
  };
}

/** Who the two are, as their first exchanges say. */
class Facts {
  client: ConnectionFacts['client'] | undefined;
  server: ConnectionFacts['server'] | undefined;
  version: string | undefined;
  #asked = 0;

  see(exchange: Exchange): void {
    const { kind, from, method } = exchange;
    if (kind !== 'request' || from !== 'client') return;
    this.version = exchange.version ?? this.version;
    if (this.#asked >= MAX_ASKED || (this.client?.name !== undefined && this.server?.name !== undefined)) return;
    this.#asked++;
    const { client, server } = factsOf(exchange);
    if (this.client?.name === undefined || method === 'initialize') this.client = client;
    if (this.server?.name === undefined) this.server = server;
  }
}

function peer(facts: ConnectionFacts['client'] | undefined): CrashPeer {
  return { name: facts?.name ?? null, version: facts?.version ?? null };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
