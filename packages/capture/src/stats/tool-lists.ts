import { jsonItems, memberText, readFrame } from '@mcp-dbg/wire';

import type { ContextCost } from './stats-document.ts';

/** Servers whose lists are followed, and tools of one list that are told of. */
const MAX_SERVERS = 500;
const MAX_TOOLS = 500;

/** Tools of one list that are held; the bytes of those beyond count. */
const MAX_HELD = 10_000;

/** Bytes of JSON for each token of a model, a common rule of thumb. */
const BYTES_PER_TOKEN = 4;

type Tool = ContextCost['tools'][number];

/** The tool list of one server. */
interface Listed {
  fetches: number;
  unchanged: number;
  /** The pages that came so far. */
  tools: Tool[];
  print: number;
  bytes: number;
  /** The newest list that came to its end. */
  last: { readonly tools: readonly Tool[]; readonly print: number; readonly bytes: number } | undefined;
}

const utf8Size = new TextEncoder();

/** Follows what the tool lists cost that servers give. */
export class ToolLists {
  readonly #servers = new Map<string | undefined, Listed>();

  /** Takes an answer to `tools/list`, with the request. */
  add(server: string | undefined, request: Uint8Array, answer: Uint8Array): void {
    const page = pageOf(answer);
    if (page === undefined) return;
    const listed = this.#servers.get(server) ?? this.#newServer(server);
    if (listed === undefined) return;
    if (!asksForMore(request)) Object.assign(listed, { tools: [], print: 0, bytes: 0 });
    for (const text of page.tools) {
      const bytes = utf8Size.encode(text).length;
      listed.bytes += bytes;
      listed.print = printOf(text, listed.print);
      if (listed.tools.length < MAX_HELD) listed.tools.push({ name: nameOf(text), bytes, tokens: tokensOf(bytes) });
    }
    if (page.isLast) end(listed);
  }

  get costs(): readonly ContextCost[] {
    return [...this.#servers].flatMap(([server, { fetches, unchanged, last }]) => {
      if (last === undefined) return [];
      const tools = last.tools.toSorted((a, b) => b.bytes - a.bytes).slice(0, MAX_TOOLS);
      return [{ server, fetches, unchanged, bytes: last.bytes, tokens: tokensOf(last.bytes), tools }];
    });
  }

  #newServer(server: string | undefined): Listed | undefined {
    if (this.#servers.size >= MAX_SERVERS) return undefined;
    const listed: Listed = { fetches: 0, unchanged: 0, tools: [], print: 0, bytes: 0, last: undefined };
    this.#servers.set(server, listed);
    return listed;
  }
}

function end(listed: Listed): void {
  const { tools, print, bytes, last } = listed;
  listed.fetches++;
  if (last?.print === print && last.bytes === bytes && last.tools.length === tools.length) listed.unchanged++;
  listed.last = { tools, print, bytes };
}

function pageOf(answer: Uint8Array): { readonly tools: readonly string[]; readonly isLast: boolean } | undefined {
  const reading = readFrame(answer);
  if (reading.kind !== 'result') return undefined;
  const result = memberText(reading.text, 'result') ?? '';
  const tools = result.startsWith('{') ? memberText(result, 'tools') : undefined;
  if (tools?.startsWith('[') !== true) return undefined;
  return { tools: jsonItems(tools), isLast: memberText(result, 'nextCursor')?.startsWith('"') !== true };
}

function asksForMore(request: Uint8Array): boolean {
  const reading = readFrame(request);
  if (reading.kind !== 'request') return false;
  const { params } = reading;
  return typeof params === 'object' && params !== null && 'cursor' in params;
}

function nameOf(tool: string): string | undefined {
  const name = tool.startsWith('{') ? memberText(tool, 'name') : undefined;
  return name?.startsWith('"') === true ? (JSON.parse(name) as string) : undefined;
}

function tokensOf(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Two lists with one print are the same list for all practical purposes: it goes on over all of a list's texts. */
function printOf(text: string, before: number): number {
  let low = before % 0x1_0000_0000;
  let high = Math.floor(before / 0x1_0000_0000);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x0100_0193) >>> 0;
    high = (Math.imul(high, 31) + code + (low >>> 24)) & 0x1f_ffff;
  }
  return high * 0x1_0000_0000 + low;
}
