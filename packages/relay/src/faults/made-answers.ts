import { MODERN_VERSIONS, eraOf } from '@mcp-dbg/protocol';
import type { IdText } from '@mcp-dbg/wire';

const METHOD_NOT_FOUND = -32601;
/** Of a modern server that does not speak the version asked for (spec 2026-07-28, basic/versioning). */
const UNSUPPORTED_VERSION = -32022;

/** A version that nobody speaks. */
const NO_VERSION = '2000-01-01';

const DEFAULT_MESSAGE = 'An error that a fault rule of mcp-dbg made';

/** The text of an error for the request with this id. */
export function errorAnswer(id: IdText, code: number, message: string = DEFAULT_MESSAGE): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`;
}

/** The text of a result in which a tool says that it failed. */
export function toolErrorAnswer(id: IdText, version: string | undefined, message: string = DEFAULT_MESSAGE): string {
  const isModern = version !== undefined && eraOf(version) === 'modern';
  const result = {
    content: [{ type: 'text', text: message }],
    isError: true,
    ...(isModern && { resultType: 'complete' }),
  };
  return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`;
}

/** The text in which a server of the legacy era, or of another version, answers `server/discover`. */
export function discoverRefusal(id: IdText, how: 'legacy' | 'unsupported'): string {
  if (how === 'legacy') return errorAnswer(id, METHOD_NOT_FOUND, 'Method not found');
  const error = {
    code: UNSUPPORTED_VERSION,
    message: 'Unsupported protocol version',
    data: { supported: [NO_VERSION], requested: MODERN_VERSIONS.at(-1) },
  };
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;
}
