import { BLANK, type Outline } from '@mcp-dbg/protocol';
import type { IdText } from '@mcp-dbg/wire';

import { SLOT } from './key-slots.ts';
import type { LineMembers } from './line-members.ts';

/** The outline of a message, as `outlineOf` gives it for a reading. */
export function outlineFrom(members: LineMembers): Outline {
  if (members.has(SLOT.method)) {
    const method = members.text(SLOT.method);
    if (method === undefined) return BLANK;
    return members.has(SLOT.id) ? requestFrom(members, method) : notificationFrom(members, method);
  }
  const hasResult = members.has(SLOT.result);
  // `"error":null` beside a result is a habit of JSON-RPC 1.0 peers; the result is what they mean.
  const isError = members.has(SLOT.error) && !(hasResult && members.isLiteral(SLOT.error, 'null'));
  if (!isError && !hasResult) return BLANK;
  const id = members.id(SLOT.id) ?? 'null';
  return isError ? errorOf(id) : resultFrom(members, id);
}

function errorOf(id: IdText): Outline {
  return {
    kind: 'error',
    id,
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
    items: BLANK.items,
  };
}

function requestFrom(members: LineMembers, method: string): Outline {
  return {
    kind: 'request',
    id: members.id(SLOT.id),
    method,
    tool: method === 'tools/call' ? members.text(SLOT.name) : undefined,
    version: members.text(SLOT.metaVersion) ?? (method === 'initialize' ? members.text(SLOT.version) : undefined),
    token: members.token(SLOT.metaToken),
    target: undefined,
    wantsLog: members.has(SLOT.logLevel),
    bringsInput: members.has(SLOT.inputResponses) || members.has(SLOT.requestState),
    isError: false,
    asksInput: false,
    isTask: false,
    items: BLANK.items,
  };
}

function notificationFrom(members: LineMembers, method: string): Outline {
  return {
    kind: 'notification',
    id: undefined,
    method,
    tool: undefined,
    version: members.text(SLOT.metaVersion),
    token: method === 'notifications/progress' ? members.token(SLOT.progressToken) : undefined,
    target: members.token(method === 'notifications/cancelled' ? SLOT.requestId : SLOT.subscriptionId),
    wantsLog: false,
    bringsInput: false,
    isError: false,
    asksInput: false,
    isTask: false,
    items: BLANK.items,
  };
}

function resultFrom(members: LineMembers, id: IdText): Outline {
  const resultType = members.text(SLOT.resultType);
  return {
    kind: 'result',
    id,
    method: undefined,
    tool: undefined,
    version: members.text(SLOT.negotiated),
    token: undefined,
    target: undefined,
    wantsLog: false,
    bringsInput: false,
    isError: members.isLiteral(SLOT.isError, 'true'),
    asksInput: resultType === 'input_required',
    isTask: resultType === 'task' || members.isObject(SLOT.task),
    items: BLANK.items,
  };
}
