import { type HeaderParam, headerParams } from '@mcp-dbg/protocol';

import { isObject } from '../json.ts';

/** What a header cannot carry as it is (RFC 9110, 5.5): other characters than visible ASCII, space at an end, nothing. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/;
const ENCODED = /^=\?base64\?.*\?=$/;

/**
 * The arguments of tool calls that go into headers, too, for whoever stands between and routes by them
 * (2026-07-28/server/tools#x-mcp-header). Learns from the lists that pass by.
 */
export class ParamHeaders {
  readonly #params = new Map<string, readonly HeaderParam[]>();

  /** Takes the result of a `tools/list`. */
  learn(result: unknown): void {
    const tools = isObject(result) ? result['tools'] : undefined;
    if (!Array.isArray(tools)) return;
    for (const tool of tools as readonly unknown[]) {
      if (!isObject(tool) || typeof tool['name'] !== 'string') continue;
      const params = headerParams(tool['inputSchema']);
      this.#params.set(tool['name'], 'fault' in params ? [] : params);
    }
  }

  /** The headers of a `tools/call` with these params. */
  of({ name, arguments: given }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    for (const { header, path } of this.#params.get(String(name)) ?? []) {
      const value = textOf(valueAt(given, path));
      if (value !== undefined) headers[`Mcp-Param-${header}`] = fieldValue(value);
    }
    return headers;
  }
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), given);
}

/** What is null, or of no type that a header can carry, is left out. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function fieldValue(text: string): string {
  return PLAIN.test(text) && !ENCODED.test(text) ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
