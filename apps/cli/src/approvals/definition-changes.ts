import { isDeepStrictEqual } from 'node:util';

import { visible } from '../render/visible.ts';
import type { ToolDefinition } from './tool-definition.ts';

/** Changes that are shown at most, and characters of each side: a person has to be able to judge them. */
const MAX_CHANGES = 8;
const MAX_SHOWN = 240;
/** Characters before the first difference of two long texts that are shown. */
const CONTEXT = 40;
/** Levels of a schema that are looked into; what is below is shown as one. */
const MAX_DEPTH = 12;

/** What has changed between two definitions of a tool, a sentence each, safe to print: `description: "a" → "b"`. */
export function definitionChanges(before: ToolDefinition, after: ToolDefinition): readonly string[] {
  if (before.hash === after.hash) return [];
  if (before.parts === undefined || after.parts === undefined) {
    return ['its definition is another one, and too long for the old one to have been kept'];
  }
  const changes = [...differences(before.parts, after.parts, '', 0)];
  const shown = changes.slice(0, MAX_CHANGES);
  return changes.length > shown.length ? [...shown, `and ${changes.length - shown.length} more changes`] : shown;
}

function* differences(before: unknown, after: unknown, at: string, depth: number): Generator<string, void> {
  if (isDeepStrictEqual(before, after)) return;
  if (!isPlain(before) || !isPlain(after) || depth === MAX_DEPTH) {
    yield `${visible(at)}: ${sides(before, after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = at === '' ? key : `${at}.${key.slice(0, MAX_SHOWN)}`;
    yield* differences(memberOf(before, key), memberOf(after, key), path, depth + 1);
  }
}

/** `"old" → "new"`; of two long texts what is around the first difference. */
function sides(before: unknown, after: unknown): string {
  const [old, now] = [written(before), written(after)];
  let same = 0;
  while (same < old.length && old[same] === now[same]) same++;
  const start = Math.max(old.length, now.length) <= MAX_SHOWN ? 0 : Math.max(0, same - CONTEXT);
  return `${cut(old, start)} → ${cut(now, start)}`;
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : visible(JSON.stringify(value) ?? 'nothing');
}

function cut(text: string, start: number): string {
  const end = start + MAX_SHOWN;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
