import type { Version } from '../eras.ts';
import { clientCapabilities } from './capabilities.ts';
import { urlElicitation } from './elicitation.ts';
import type { Slot } from './shape.ts';
import { list, object, removedIn, since, text } from './table.ts';

const URL_ELICITATION_REQUIRED: Slot = since(
  '2025-11-25',
  removedIn('2026-07-28', object({ elicitations: list(urlElicitation) })),
);
const MISSING_CAPABILITY: Slot = since('2026-07-28', object({ requiredCapabilities: clientCapabilities }));
const UNSUPPORTED_VERSION: Slot = since('2026-07-28', object({ supported: list(text), requested: text }));

const BY_CODE: ReadonlyMap<number, Slot> = new Map([
  [-32042, URL_ELICITATION_REQUIRED],
  [-32021, MISSING_CAPABILITY],
  [-32022, UNSUPPORTED_VERSION],
]);

/**
 * What the `data` of an error has to be (spec 2026-07-28, basic/index#error-codes); undefined where the revision leaves
 * it open or has no such code.
 */
export function errorDataShapeOf(code: number, version: Version): Slot | undefined {
  const slot = BY_CODE.get(code);
  return slot?.at.has(version) ? slot : undefined;
}
