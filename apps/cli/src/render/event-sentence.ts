import type { EventEntry } from '@mcp-dbg/capture';
import { outlineOf } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';

import { formatBytes } from './sizes.ts';

/** An event of a capture in words. Its text may hold what peers wrote, so it is not safe to print as it is. */
export interface EventSentence {
  readonly text: string;
  readonly isBad: boolean;
}

export function eventSentence(event: EventEntry['event']): EventSentence {
  switch (event.t) {
    case 'open':
      return good(`capture opened ${event.at}, pid ${event.pid}${event.argv ? `: ${event.argv.join(' ')}` : ''}`);
    case 'spawn':
      return good(`server started, pid ${event.pid}${event.argv ? `: ${event.argv.join(' ')}` : ''}`);
    case 'connect':
      return good(`connecting to ${event.url}`);
    case 'http': {
      const { method, url, status, error } = event;
      const what = `${method} ${url}`;
      if (status === undefined) return bad(`${what}: no answer (${error ?? 'failed'})`);
      return {
        text: `${what}: HTTP ${status}${event.type === undefined ? '' : `, ${event.type}`}`,
        isBad: status >= 400,
      };
    }
    case 'disconnect':
      return good('connection ended');
    case 'eof':
      return good(event.from === 'client' ? 'client ended the input' : `server closed its ${nameOf(event.from)}`);
    case 'signal':
      return good(`sent ${event.signal}`);
    case 'exit':
      return event.signal === null
        ? { text: `server exited, code ${event.code ?? 'unknown'}`, isBad: event.code !== 0 }
        : bad(`server was ended by ${event.signal}`);
    case 'gap': {
      const missed = event.missed.map(({ from, reads, bytes }) => `${reads} reads of ${from} (${bytes} bytes)`);
      const events = event.events === 0 ? [] : [`${event.events} events`];
      return bad(`GAP (${event.reason}): not recorded: ${[...missed, ...events].join(', ')}`);
    }
    case 'torn':
      return bad(`TORN: ${event.bytes} bytes at ${event.offset} hold no record that can be trusted`);
    case 'fault': {
      const { from, action, rule, original, more } = event;
      const whose = original === undefined ? '' : `: ${frameName(from, original, more)}`;
      return bad(`FAULT ${action}${whose}; rule ${rule}`);
    }
    case 'note': {
      const { text, from = 'client', original, more } = event;
      return good(original === undefined ? text : `${text}: ${frameName(from, original, more)}`);
    }
    case 'close':
      return good('capture closed');
    case 'other':
      return good(`${event.kind} (a kind of record that this version does not know)`);
  }
}

/** Bytes of a frame that are looked at for its name: one line of a log is not worth more. */
const MAX_READ = 1024 * 1024;

/** What a frame was, in a few words: `the client's tools/call search, id 7`. */
function frameName(from: 'client' | 'server', bytes: Uint8Array, isCut = false): string {
  const whose = `the ${from}'s`;
  const size = formatBytes(bytes.length);
  if (isCut || bytes.length > MAX_READ) return `${whose} frame of ${size}${isCut ? ', not all of it recorded' : ''}`;
  const reading = readFrame(bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes);
  const { method, tool, id } = outlineOf(reading);
  const what = [method, tool].filter((each) => each !== undefined).join(' ');
  switch (reading.kind) {
    case 'request':
      return `${whose} ${what}, id ${id ?? 'null'}`;
    case 'notification':
      return `${whose} ${what}`;
    case 'result':
      return `${whose} answer to id ${id ?? 'null'}`;
    case 'error':
      return `${whose} error answer to id ${id ?? 'null'}`;
    case 'batch':
      return `${whose} batch of ${size}`;
    case 'not-json':
    case 'not-json-rpc':
      return `${whose} line of ${size} that is no message`;
  }
}

const LF = 0x0a;

function nameOf(from: 'server' | 'stderr'): string {
  return from === 'server' ? 'stdout' : 'stderr';
}

function good(text: string): EventSentence {
  return { text, isBad: false };
}

function bad(text: string): EventSentence {
  return { text, isBad: true };
}
