import type { EventRecord } from '../reading/capture-reading.ts';
import { originalFields } from './original-fields.ts';

/** A record with its original frame as headers have it, as text or Base64, so that all of it can be written as JSON. */
export function plainEvent(event: EventRecord): Readonly<Record<string, unknown>> {
  if ((event.t !== 'fault' && event.t !== 'note') || event.original === undefined) return { ...event };
  const { original, more, ...told } = event;
  return { ...told, ...originalFields(original), ...(more !== undefined && { more }) };
}
