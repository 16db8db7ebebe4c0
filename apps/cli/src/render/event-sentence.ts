import type { EventEntry } from '@mcp-dbg/capture';

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
    case 'note':
      return good(event.text);
    case 'close':
      return good('capture closed');
    case 'other':
      return good(`${event.kind} (a kind of record that this version does not know)`);
  }
}

function nameOf(from: 'server' | 'stderr'): string {
  return from === 'server' ? 'stdout' : 'stderr';
}

function good(text: string): EventSentence {
  return { text, isBad: false };
}

function bad(text: string): EventSentence {
  return { text, isBad: true };
}
