import type { ExchangeEntry, OpenRecord } from '@mcp-dbg/capture';
import { eraOf } from '@mcp-dbg/protocol';

import { codeSpan } from './markdown-text.ts';
import { type ConnectionFacts, type PeerFacts, factsOf } from './peer-facts.ts';

/** Captures of a file, and connections, that are described at most. */
const MAX_CAPTURES = 3;
const MAX_CONNECTIONS = 8;

/** What the reader of a report has to know of where it was made. */
export interface Environment {
  /** The version of this program. */
  readonly version: string;
  /** The version of Node.js, such as `v24.11.0`. */
  readonly node: string;
  /** The system and its processor, such as `linux x64`. */
  readonly platform: string;
}

/** Collects what ran: the captures and what their clients and servers say of themselves. */
export class ReportEnvironment {
  readonly #captures: OpenRecord[] = [];
  readonly #connections = new Map<
    string,
    { readonly name: string | undefined; facts: ConnectionFacts; isOpening: boolean }
  >();
  #opened = 0;
  #isMore = false;

  open(record: OpenRecord): void {
    this.#opened++;
    if (this.#captures.length < MAX_CAPTURES) this.#captures.push(record);
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
    else if (known === undefined) this.#connections.set(key, { name: server, facts: factsOf(exchange), isOpening });
    // A handshake that follows says more than a probe that failed.
    else if (method === 'initialize' && known.isOpening) known.facts = factsOf(exchange);
  }

  markdown({ version, node, platform }: Environment): string {
    const lines = [
      `- mcp-dbg ${codeSpan(version)}, Node.js ${codeSpan(node)}, ${codeSpan(platform)}`,
      ...this.#captures.map((record) => captureLine(record)),
      ...(this.#opened > MAX_CAPTURES ? [`- and ${this.#opened - MAX_CAPTURES} more captures`] : []),
      ...[...this.#connections.values()].flatMap(({ name, facts }) => connectionLines(name, facts)),
      ...(this.#isMore ? ['- and more connections'] : []),
    ];
    return lines.join('\n');
  }
}

function captureLine({ at, argv, label }: OpenRecord): string {
  const command = argv === undefined ? '' : `, command ${codeSpan(argv.join(' '))}`;
  return `- Capture started ${codeSpan(at, 40)}${command}${label === undefined ? '' : `, label ${codeSpan(label, 80)}`}`;
}

function connectionLines(name: string | undefined, facts: ConnectionFacts): readonly string[] {
  const { client, server, asked, version, offered } = facts;
  const era = version === undefined ? undefined : eraOf(version);
  const protocol = [
    ...(version === undefined ? [] : [`protocol ${codeSpan(version, 40)}${era === undefined ? '' : ` (${era})`}`]),
    ...(offered.length > 0 ? [`offers ${codeSpan(offered.join(', '))}`] : []),
  ];
  const wish = asked === undefined ? [] : [`asks for protocol ${codeSpan(asked, 40)}`];
  const called = name === undefined ? '' : ` ${codeSpan(name, 80)}`;
  return [
    `- Server${called}: ${[...peerParts(server), ...protocol].join(', ')}`,
    `- Client: ${[...peerParts(client), ...wish].join(', ')}`,
  ];
}

function peerParts({ name, version, capabilities }: PeerFacts): readonly string[] {
  const who = name === undefined ? 'does not say its name' : codeSpan([name, version ?? ''].join(' ').trim(), 80);
  return [who, ...(capabilities.length > 0 ? [`capabilities ${codeSpan(capabilities.join(', '))}`] : [])];
}
