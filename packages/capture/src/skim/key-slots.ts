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

export const SLOTS = 20;

/** Keys by their length, with their slots. */
type KeySet = readonly (readonly { readonly bytes: Uint8Array; readonly slot: number }[] | undefined)[];

export const OF_MESSAGE: KeySet = keySet({
  id: SLOT.id,
  method: SLOT.method,
  params: SLOT.params,
  result: SLOT.result,
  error: SLOT.error,
});

export const OF_PARAMS: KeySet = keySet({
  name: SLOT.name,
  protocolVersion: SLOT.version,
  _meta: SLOT.meta,
  progressToken: SLOT.progressToken,
  requestId: SLOT.requestId,
  inputResponses: SLOT.inputResponses,
  requestState: SLOT.requestState,
});

export const OF_RESULT: KeySet = keySet({
  protocolVersion: SLOT.negotiated,
  isError: SLOT.isError,
  resultType: SLOT.resultType,
  task: SLOT.task,
});

export const OF_META: KeySet = keySet({
  [META_KEYS.progressToken]: SLOT.metaToken,
  [META_KEYS.protocolVersion]: SLOT.metaVersion,
  [META_KEYS.logLevel]: SLOT.logLevel,
  [META_KEYS.subscriptionId]: SLOT.subscriptionId,
});

/** Of no interest: the members of any other object. */
export const OF_OTHERS: KeySet = [];

/** The slot of a key that stands in the bytes; -1 where it has none. */
export function slotOf(keys: KeySet, bytes: Uint8Array, start: number, end: number): number {
  const candidates = keys[end - start];
  if (candidates === undefined) return -1;
  for (const candidate of candidates) if (isKey(candidate.bytes, bytes, start)) return candidate.slot;
  return -1;
}

function isKey(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return false;
  return true;
}

function keySet(slots: Readonly<Record<string, number>>): KeySet {
  const byLength: { bytes: Uint8Array; slot: number }[][] = [];
  for (const [key, slot] of Object.entries(slots)) {
    (byLength[key.length] ??= []).push({ bytes: new TextEncoder().encode(key), slot });
  }
  return byLength;
}
