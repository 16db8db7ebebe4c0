import type { Message } from '@mcp-dbg/wire';
import { META_KEYS } from '@mcp-dbg/protocol';

import type { Clock } from '../clock.ts';
import { notificationText } from '../message-text.ts';
import { isObject, textIn } from '../json-object.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { ClientMemory } from './client-memory.ts';
import { type KnownList, ListReader } from './known-lists.ts';
import type { OwnRequests } from './own-requests.ts';

export interface IntroduceOptions {
  readonly memory: ClientMemory;
  readonly own: OwnRequests;
  /** Gives the process a frame of ours. */
  readonly send: (frame: RelayFrame) => void;
  /** Gives the process a frame of the client's once more. */
  readonly repeat: (frame: RelayFrame) => void;
  readonly toClient: (frame: RelayFrame) => void;
  /** Says what came of it, in a sentence. */
  readonly tell: (sentence: string) => void;
  /** The process takes the client's frames from now on. `isProven` where it has said something, or has run for a while. */
  readonly onReady: (isProven: boolean) => void;
  /** The process does not take the client's handshake: it is of no use. */
  readonly onRefused: () => void;
  /** True while this process is the one that is waited for. */
  readonly isWaitedFor: () => boolean;
  readonly clock: Clock;
}

/** Milliseconds that a new process of the modern era may take to say something before it is given what waits. */
const HELLO_MS = 3000;
/** Milliseconds that a new process of the legacy era may take to answer the client's handshake. */
const HANDSHAKE_MS = 30_000;
/** Entries of a list that are named at most when it is another. */
const MAX_DIFFERENCES = 5;

/**
 * Brings a new process to where the client believes it to be. In the legacy era the client's own handshake is said again,
 * then its log level and subscriptions; in the modern era its streams of news are opened again. Last, the lists that the
 * client knows are read, and it is told of those that are others now.
 */
export function introduce(options: IntroduceOptions): void {
  const { memory, own, send, onReady, clock } = options;
  const { handshake } = memory;
  const refuse = (why: string): void => {
    options.tell(`the new process does not take the client's handshake: ${why}`);
    options.onRefused();
  };
  const goOn = (isProven: boolean): void => {
    restore(options);
    onReady(isProven);
    for (const list of memory.lists.all) compare(list, new ListReader(list), options);
  };
  if (handshake === undefined) {
    // One that dies as it starts must not take along what waits: it is to say something first.
    if (memory.envelope === undefined) goOn(false);
    else {
      const greeted = (): void => {
        if (options.isWaitedFor()) goOn(true);
      };
      send(own.ask('server/discover', `{"_meta":${memory.envelope}}`, greeted));
      clock.after(HELLO_MS, greeted);
    }
    return;
  }
  const answered = (answer: Message): void => {
    if (answer.kind !== 'result') {
      refuse(answer.kind === 'error' ? (textIn(answer.error, 'message') ?? 'without a reason') : 'without a result');
      return;
    }
    const version = textIn(answer.result, 'protocolVersion');
    if (version !== handshake.version) {
      options.tell(
        `the new process speaks ${version ?? 'no version'}, the client was told ${handshake.version ?? 'none'}`,
      );
    }
    if (handshake.isConfirmed) send(RelayFrame.ours('client', notificationText('notifications/initialized')));
    goOn(true);
  };
  send(own.ask('initialize', handshake.params, answered));
  clock.after(HANDSHAKE_MS, () => {
    if (options.isWaitedFor()) refuse(`no answer within ${HANDSHAKE_MS / 1000} s`);
  });
}

function restore({ memory, own, send, repeat, tell }: IntroduceOptions): void {
  for (const { frame } of memory.listens) {
    if (frame !== undefined) repeat(new RelayFrame('client', frame.bytes, { by: 'mcp-dbg' }));
  }
  for (const { method, params } of memory.kept) {
    const asked = own.ask(method, params, (answer) => {
      if (answer.kind === 'error') tell(`the new process refused ${method}: ${textIn(answer.error, 'message') ?? ''}`);
    });
    send(asked);
  }
}

function compare(list: KnownList, reader: ListReader, options: IntroduceOptions): void {
  const { own, send, memory, tell, toClient } = options;
  const ask = (cursor: string | undefined): void => {
    send(own.ask(list.method, paramsAt(list.params, cursor), answered));
  };
  const answered = (answer: Message): void => {
    // A server that does not list any more says so to the client when it asks.
    if (answer.kind !== 'result') return;
    const next = reader.page(answer);
    if (next !== undefined) {
      ask(next);
      return;
    }
    const { differences } = reader;
    if (differences.length === 0) return;
    const few = differences.slice(0, MAX_DIFFERENCES).join(', ');
    const more = differences.length - MAX_DIFFERENCES;
    tell(`${list.key} are others now: ${few}${more > 0 ? `, and ${more} more` : ''}`);
    memory.lists.told(list, reader.entries);
    for (const params of newsOf(list, memory))
      toClient(RelayFrame.ours('server', notificationText(list.changed, params)));
  };
  ask(undefined);
}

/** What a client is told with: nothing in the legacy era, and each stream that asked for it in the modern one. */
function newsOf(list: KnownList, memory: ClientMemory): readonly (string | undefined)[] {
  if (memory.handshake !== undefined) return [undefined];
  return memory.listens
    .filter(({ news }) => news.includes(list.filter))
    .map(({ id }) => `{"_meta":{"${META_KEYS.subscriptionId}":${id}}}`);
}

/** The client's own params, for another page. Its progress token is left out: nobody waits for the progress of this. */
function paramsAt(params: string | undefined, cursor: string | undefined): string | undefined {
  const given: unknown = params === undefined ? {} : JSON.parse(params);
  const { _meta: meta, ...rest } = isObject(given) ? given : {};
  const { progressToken: _, ...kept } = isObject(meta) ? meta : {};
  const all = { ...rest, ...(meta !== undefined && { _meta: kept }), ...(cursor !== undefined && { cursor }) };
  return params === undefined && cursor === undefined ? undefined : JSON.stringify(all);
}
