import { META_KEYS, eraOf } from '@mcp-dbg/protocol';
import type { IdText } from '@mcp-dbg/wire';

import { hasOutputSchemas } from './own-tools.ts';

/** The request that is answered. */
interface Answered {
  readonly id: IdText;
  /** The version that it was said in; undefined where none was agreed on. */
  readonly version: string | undefined;
}

/** How long a list of ours may be kept (milliseconds): it is made when it is asked for. */
const LIST_TTL_MS = 0;

/** Makes the texts of what we answer in a server's place. */
export class OwnAnswers {
  readonly #meta: Readonly<Record<string, unknown>>;

  /** `ownVersion` is the version of mcp-dbg: modern results say who gave them. */
  constructor(ownVersion: string) {
    this.#meta = { [META_KEYS.serverInfo]: { name: 'mcp-dbg', version: ownVersion } };
  }

  /** What a call of one of our tools gives. A client of an older version reads the text alone. */
  call(to: Answered, structured: Readonly<Record<string, unknown>>, isError: boolean): string {
    return this.#result(to, {
      content: [{ type: 'text', text: JSON.stringify(structured, undefined, 1) }],
      ...(hasOutputSchemas(to.version) && { structuredContent: structured }),
      isError,
    });
  }

  /** What a call gives that could not be done, or whose arguments are wrong. */
  refusal(to: Answered, why: string): string {
    return this.#result(to, { content: [{ type: 'text', text: why }], isError: true });
  }

  /** A list that has no tools but these. */
  list(to: Answered, tools: readonly object[]): string {
    return this.#result(to, { tools, ...(isModern(to) && { ttlMs: LIST_TTL_MS, cacheScope: 'private' }) });
  }

  #result(to: Answered, result: Readonly<Record<string, unknown>>): string {
    const all = isModern(to) ? { resultType: 'complete', ...result, _meta: this.#meta } : result;
    return `{"jsonrpc":"2.0","id":${to.id},"result":${JSON.stringify(all)}}`;
  }
}

function isModern({ version }: Answered): boolean {
  return version !== undefined && eraOf(version) === 'modern';
}
