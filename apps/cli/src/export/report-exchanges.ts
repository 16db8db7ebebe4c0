import type { ExchangeEntry } from '@mcp-dbg/capture';
import type { Frame } from '@mcp-dbg/wire';

import { formatBytes, formatMs } from '../render/sizes.ts';
import { safeJson } from '../render/visible.ts';
import { headOf } from './frame-text.ts';
import { LastOf } from './last-of.ts';
import { codeBlock, codeSpan } from './markdown-text.ts';

/** Exchanges that are shown, and characters of each frame at most. */
const MAX_EXCHANGES = 10;
const MAX_SHOWN = 500;

/** Collects the last requests with their answers. */
export class ReportExchanges {
  readonly #last = new LastOf<string>(MAX_EXCHANGES);

  see(entry: ExchangeEntry): void {
    const { kind } = entry.exchange;
    if (kind === 'request' || kind === 'response' || kind === 'batch') this.#last.add(exchangeMarkdown(entry));
  }

  markdown(): string {
    return this.#last.count === 0 ? 'No request was recorded.' : this.#last.items.join('\n\n');
  }
}

function exchangeMarkdown({ exchange, server }: ExchangeEntry): string {
  const { n, kind, from, method, tool, status, ms, frame, answer } = exchange;
  const name = `${codeSpan(method ?? kind, 80)}${tool === undefined ? '' : ` ${codeSpan(tool, 80)}`}`;
  const facts = [
    ...(server === undefined ? [] : [`server ${codeSpan(server, 80)}`]),
    ...(status === undefined ? [] : [status.replace('-', ' ')]),
    ...(ms === undefined ? [] : [formatMs(ms)]),
  ];
  const first = kind === 'response' ? 'answered alone' : 'asked';
  const ours = ({ by }: Frame): string => (by === undefined ? '' : `, by ${codeSpan(by, 40)}`);
  return [
    `### Frame ${n}: ${name}${facts.length > 0 ? `, ${facts.join(', ')}` : ''}`,
    ...frameMarkdown(`The ${from} ${first}${ours(frame)}`, frame),
    ...(answer === undefined
      ? []
      : frameMarkdown(`The ${answer.from} answered (frame ${answer.n})${ours(answer)}`, answer)),
  ].join('\n\n');
}

function frameMarkdown(who: string, { bytes }: Frame): readonly string[] {
  const { text, isCut } = headOf(bytes, MAX_SHOWN);
  const part = isCut ? `, the first ${MAX_SHOWN} characters of ${formatBytes(bytes.length)}` : '';
  return [`${who}${part}:`, codeBlock(safeJson(text), 'json')];
}
