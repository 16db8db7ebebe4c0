import { CoreError } from '@mcp-dbg/core';

import { CliError, EXIT, knownError } from './exit-code.ts';
import type { Io } from './io.ts';
import { nextStep } from './next-step.ts';
import { safeJson, visible } from './render/visible.ts';

/**
 * Says in one line on stderr why a command failed and gives the code to exit with. With `json` the line is
 * `{"error":{"code","message"}}`, with the server's own error as `rpc` where it sent one. The stack is shown only where MCP_DBG_DEBUG=1 asks for it.
 */
export function reportError(error: unknown, io: Io, json: boolean): number {
  const known = knownError(error);
  const text = error instanceof Error ? error.message : String(error);
  const message = known
    ? text + nextStep(known.code, error)
    : `A bug of mcp-dbg: ${text}; set MCP_DBG_DEBUG=1 to see where, and please report it`;
  io.stderr.write(
    json
      ? `${safeJson(JSON.stringify({ error: { code: known?.code ?? 'BUG', message, ...placeOf(error), ...rpcOf(error) } }))}\n`
      : `mcp-dbg: ${visible(message)}\n`,
  );
  if (!json && error instanceof CliError && error.detail !== undefined)
    io.stderr.write(`${visible(error.detail, 'kept')}\n`);
  if (io.env['MCP_DBG_DEBUG'] === '1' && error instanceof Error)
    io.stderr.write(`${visible(error.stack ?? '', 'kept')}\n`);
  return known?.exit ?? EXIT.bug;
}

/** Where in what was typed it went wrong, for who shows it in another way. */
function placeOf(error: unknown): { readonly at?: number; readonly length?: number } {
  const cause = error instanceof CliError ? error.cause : undefined;
  if (!(cause instanceof Error) || !('at' in cause) || !('length' in cause)) return {};
  const { at, length } = cause;
  return typeof at === 'number' && typeof length === 'number' ? { at, length } : {};
}

/** The JSON-RPC error that a server answered with. */
function rpcOf(error: unknown): { readonly rpc?: unknown } {
  const cause = error instanceof CliError ? error.cause : error;
  return cause instanceof CoreError && cause.rpc !== undefined ? { rpc: cause.rpc } : {};
}
