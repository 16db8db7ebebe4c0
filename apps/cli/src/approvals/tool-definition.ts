import { createHash } from 'node:crypto';

import type { JsonObject, ListedTool } from '@mcp-dbg/core';

/** What a person approves when they approve a tool: all that says what it does. */
const PARTS = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const;

/** A tool as it was approved. */
export interface ToolDefinition {
  /** SHA-256 of the name and all parts, in hex; neither spaces nor the order of keys matter. */
  readonly hash: string;
  /** The parts; undefined where they are too long, or nested too deep, to be kept. */
  readonly parts: JsonObject | undefined;
}

/** Characters of JSON that are kept of a definition. */
const MAX_PARTS = 16_000;

const known = new WeakMap<ListedTool, ToolDefinition>();

/** Reads what a tool is said to do at this moment. */
export function definitionOf(tool: ListedTool): ToolDefinition {
  const before = known.get(tool);
  if (before !== undefined) return before;
  const definition = readDefinition(tool);
  known.set(tool, definition);
  return definition;
}

function readDefinition({ name, value, text }: ListedTool): ToolDefinition {
  const parts = Object.fromEntries(
    PARTS.filter((part) => value[part] !== undefined).map((part) => [part, value[part]]),
  );
  try {
    const json = JSON.stringify(sorted(parts));
    return { hash: hashOf(JSON.stringify([name, json])), parts: json.length > MAX_PARTS ? undefined : parts };
  } catch {
    // Nested deeper than can be walked: then every character counts.
    return { hash: hashOf(text), parts: undefined };
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The same value with the keys of all objects in order. Throws where it is nested too deep. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A key such as `__proto__` is one like any other.
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
