import { type IdText, type Message, type Reading, idText, memberText } from '@mcp-dbg/wire';

import { isObject } from './json-object.ts';
import { META_KEYS, metaOf } from './meta-keys.ts';

/** What has to be known of a frame to find what it belongs to and how it fared; what it says beside that is left out. */
export interface Outline {
  readonly kind: 'request' | 'notification' | 'result' | 'error' | 'batch' | 'noise';
  readonly id: IdText | undefined;
  readonly method: string | undefined;
  /** The tool that a `tools/call` names. */
  readonly tool: string | undefined;
  /** The version that `_meta` names; of `initialize` the one asked for, of any result its `protocolVersion`. */
  readonly version: string | undefined;
  /** The token of a request's `_meta`, or the one of `notifications/progress`; compared as ids are. */
  readonly token: IdText | undefined;
  /** The request of a `notifications/cancelled`, or the subscription that a notification comes through. */
  readonly target: IdText | undefined;
  /** True where a request's `_meta` asks for `notifications/message` (spec 2026-07-28). */
  readonly wantsLog: boolean;
  /** True where a request brings what a result asked for: `inputResponses` or `requestState`. */
  readonly bringsInput: boolean;
  /** True where a result says `isError`. */
  readonly isError: boolean;
  /** True where a result asks for input before it can be complete. */
  readonly asksInput: boolean;
  /** True where a result is a task that goes on (2025-11-25, and the extension). */
  readonly isTask: boolean;
  /** The messages of a batch, which may hold noise too. */
  readonly items: readonly Outline[];
}

/** An outline of which nothing is known but its kind. */
export const BLANK: Outline = {
  kind: 'noise',
  id: undefined,
  method: undefined,
  tool: undefined,
  version: undefined,
  token: undefined,
  target: undefined,
  wantsLog: false,
  bringsInput: false,
  isError: false,
  asksInput: false,
  isTask: false,
  items: [],
};

/** Takes the outline from a reading of the whole frame. */
export function outlineOf(reading: Reading): Outline {
  switch (reading.kind) {
    case 'batch':
      return { ...BLANK, kind: 'batch', items: reading.items.map((item) => outlineOf(item)) };
    case 'not-json':
    case 'not-json-rpc':
      return BLANK;
    case 'request':
    case 'notification':
    case 'result':
    case 'error':
      return ofMessage(reading);
  }
}

function ofMessage(message: Message): Outline {
  switch (message.kind) {
    case 'request': {
      const { id, method, params, text } = message;
      const meta = metaOf(params);
      return {
        ...BLANK,
        kind: 'request',
        id,
        method,
        tool: method === 'tools/call' ? textIn(params, 'name') : undefined,
        version: versionOf(meta) ?? (method === 'initialize' ? textIn(params, 'protocolVersion') : undefined),
        token: idIn(meta, META_KEYS.progressToken, text, ['params', '_meta']),
        wantsLog: meta !== undefined && META_KEYS.logLevel in meta,
        bringsInput: isObject(params) && ('inputResponses' in params || 'requestState' in params),
      };
    }
    case 'notification': {
      const { method, params, text } = message;
      const meta = metaOf(params);
      return {
        ...BLANK,
        kind: 'notification',
        method,
        version: versionOf(meta),
        token: method === 'notifications/progress' ? idIn(params, 'progressToken', text, ['params']) : undefined,
        target:
          method === 'notifications/cancelled'
            ? idIn(params, 'requestId', text, ['params'])
            : idIn(meta, META_KEYS.subscriptionId, text, ['params', '_meta']),
      };
    }
    case 'result': {
      const { id, result } = message;
      const kind = textIn(result, 'resultType');
      return {
        ...BLANK,
        kind: 'result',
        id,
        version: textIn(result, 'protocolVersion'),
        isError: isObject(result) && result['isError'] === true,
        asksInput: kind === 'input_required',
        isTask: kind === 'task' || (isObject(result) && isObject(result['task'])),
      };
    }
    case 'error':
      return { ...BLANK, kind: 'error', id: message.id };
  }
}

/** The text or number under a key as the text of an id. The frame's text is read where a number lost its digits. */
function idIn(value: unknown, key: string, text: string, path: readonly string[]): IdText | undefined {
  const found = isObject(value) ? value[key] : undefined;
  if (typeof found === 'string') return JSON.stringify(found);
  if (typeof found !== 'number') return undefined;
  if (Math.abs(found) <= Number.MAX_SAFE_INTEGER) return String(found);
  const token = [...path, key].reduce<string | undefined>((inside, name) => inside && memberText(inside, name), text);
  return token && idText(token);
}

function versionOf(meta: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return textIn(meta, META_KEYS.protocolVersion);
}

function textIn(value: unknown, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}
