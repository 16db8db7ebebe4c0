import type { EventEntry, ExchangeEntry, OpenRecord } from '@mcp-dbg/capture';
import { eraOf } from '@mcp-dbg/protocol';

import { codeSpan } from './markdown-text.ts';
import { type ConnectionFacts, type PeerFacts, factsOf } from './peer-facts.ts';

/** Captures of a file, and connections, that are described at most. */
const MAX_CAPTURES = 3;
const MAX_CONNECTIONS = 8;

/** UTF-16 units of a command that are kept. */
const MAX_COMMAND = 1000;

/** What the reader of a report has to know of where it was made. */
export interface Environment {
  /** The version of this program. */
  readonly version: string;
  /** The version of Node.js, such as `v24.11.0`. */
  readonly node: string;
  /** The system and its processor, such as `linux x64`. */
  readonly platform: string;
}

interface Described {
  readonly name: string | undefined;
  readonly command: string | undefined;
  facts: ConnectionFacts;
  readonly isOpening: boolean;
}

/** Collects what ran: the captures and what their clients and servers say of themselves. */
export class ReportEnvironment {
  readonly #captures: OpenRecord[] = [];
  readonly #connections = new Map<string, Described>();
  /** How the servers of this capture were started, where it does not say it itself. */
  readonly #commands = new Map<number, string>();
  #opened = 0;
  #isMore = false;

  /** Shows it every event; it reads how captures and servers were started. */
  event({ event }: EventEntry): void {
    if (event.t === 'open') {
      this.#opened++;
      this.#commands.clear();
      if (this.#captures.length < MAX_CAPTURES) this.#captures.push(event);
    }
    if (event.t !== 'spawn' || event.argv === undefined || this.#commands.size >= MAX_CONNECTIONS) return;
    this.#commands.set(event.conn, event.argv.join(' ').slice(0, MAX_COMMAND));
  }

  /** Shows it every exchange; it reads those that open a connection, or the first that has a version. */
  see({ exchange, conn, server }: ExchangeEntry): void {
    const { kind, from, method, probe, version } = exchange;
    if (kind !== 'request' || from !== 'client') return;
    const isOpening = method === 'initialize' || probe;
    if (!isOpening && version === undefined) return;
    const key = `${this.#opened} ${conn}`;
    const known = this.#connections.get(key);
    if (known === undefined && this.#connections.size >= MAX_CONNECTIONS) this.#isMore = true;
    else if (known === undefined) {
      const command = this.#commands.get(conn);
      this.#connections.set(key, { name: server, command, facts: factsOf(exchange), isOpening });
    }
    // A handshake that follows says more than a probe that failed.
    else if (method === 'initialize' && known.isOpening) known.facts = factsOf(exchange);
  }

  markdown({ version, node, platform }: Environment): string {
    const lines = [
      `- mcp-dbg ${codeSpan(version)}, Node.js ${codeSpan(node)}, ${codeSpan(platform)}`,
      ...this.#captures.map((record) => captureLine(record)),
      ...(this.#opened > MAX_CAPTURES ? [`- and ${this.#opened - MAX_CAPTURES} more captures`] : []),
      ...distinct([...this.#connections.values()].map((each) => connectionLines(each))),
      ...(this.#isMore ? ['- and more connections'] : []),
    ];
    return lines.join('\n');
  }
}

function captureLine({ at, argv, label }: OpenRecord): string {
  const command = argv === undefined ? '' : `, command ${codeSpan(argv.join(' '))}`;
  return `- Capture started ${codeSpan(at, 40)}${command}${label === undefined ? '' : `, label ${codeSpan(label, 80)}`}`;
}

function connectionLines({ name, command, facts }: Described): string {
  const { client, server, asked, version, offered } = facts;
  const era = version === undefined ? undefined : eraOf(version);
  const protocol = [
    ...(version === undefined ? [] : [`protocol ${codeSpan(version, 40)}${era === undefined ? '' : ` (${era})`}`]),
    ...(offered.length > 0 ? [`offers ${codeSpan(offered.join(', '))}`] : []),
  ];
  const wish = asked === undefined ? [] : [`asks for protocol ${codeSpan(asked, 40)}`];
  const called = name === undefined ? '' : ` ${codeSpan(name, 80)}`;
  const start = command === undefined ? [] : [`command ${codeSpan(command)}`];
  return [
    `- Server${called}: ${[...peerParts(server), ...protocol, ...start].join(', ')}`,
    `- Client: ${[...peerParts(client), ...wish].join(', ')}`,
  ].join('\n');
}

/** Texts in order, each once: a server that was started again has one. */
function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function peerParts({ name, version, capabilities }: PeerFacts): readonly string[] {
  const who = name === undefined ? 'does not say its name' : codeSpan([name, version ?? ''].join(' ').trim(), 80);
  return [who, ...(capabilities.length > 0 ? [`capabilities ${codeSpan(capabilities.join(', '))}`] : [])];
}
