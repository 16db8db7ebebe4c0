import { META_KEYS } from '@mcp-dbg/protocol';

/**
 * The members that an outline is made of. Each has a slot, a number that its position is kept under. Which keys count
 * depends on whose member it is: the message itself, its `params`, its `result`, or the `_meta` of its params.
 */
export const SLOT = {
  id: 0,
  method: 1,
  params: 2,
  result: 3,
  error: 4,
  name: 5,
  version: 6,
  meta: 7,
  progressToken: 8,
  requestId: 9,
  inputResponses: 10,
  requestState: 11,
  negotiated: 12,
  isError: 13,
  resultType: 14,
  task: 15,
  metaToken: 16,
  metaVersion: 17,
  logLevel: 18,
  subscriptionId: 19,
} as const;

/** A key that counts, and the group of members in which it does. */
export interface Key {
  readonly text: string;
  readonly group: number;
  readonly slot: number;
}

/** Every key that counts. The groups are numbered: members of the message, its params, its result, its `_meta`. */
export const KEYS: readonly Key[] = [
  ...group(0, { id: SLOT.id, method: SLOT.method, params: SLOT.params, result: SLOT.result, error: SLOT.error }),
  ...group(1, {
    name: SLOT.name,
    protocolVersion: SLOT.version,
    _meta: SLOT.meta,
    progressToken: SLOT.progressToken,
    requestId: SLOT.requestId,
    inputResponses: SLOT.inputResponses,
    requestState: SLOT.requestState,
  }),
  ...group(2, {
    protocolVersion: SLOT.negotiated,
    isError: SLOT.isError,
    resultType: SLOT.resultType,
    task: SLOT.task,
  }),
  ...group(3, {
    [META_KEYS.progressToken]: SLOT.metaToken,
    [META_KEYS.protocolVersion]: SLOT.metaVersion,
    [META_KEYS.logLevel]: SLOT.logLevel,
    [META_KEYS.subscriptionId]: SLOT.subscriptionId,
  }),
];

function group(number: number, slots: Readonly<Record<string, number>>): readonly Key[] {
  return Object.entries(slots).map(([text, slot]) => ({ text, group: number, slot }));
}
