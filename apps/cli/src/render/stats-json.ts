import type { StatsDocument } from '@mcp-dbg/capture';

import { safeJson } from './visible.ts';

/** Counts as one JSON document on one line; what has no name or no value is null. */
export function statsJson(document: StatsDocument): string {
  const json = JSON.stringify(document, (_, value: unknown) => (isObject(value) ? withNulls(value) : value));
  return `${safeJson(json)}\n`;
}

function withNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, each ?? null]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
