/**
 * The two ways MCP has worked. `legacy` opens a connection with `initialize`; `modern` has no opening: each request
 * names its protocol version itself (spec 2026-07-28, basic/versioning).
 */
export type Era = 'legacy' | 'modern';

/** The protocol versions of the legacy era, oldest first. */
export const LEGACY_VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const;

/** The protocol versions of the modern era, oldest first. */
export const MODERN_VERSIONS = ['2026-07-28'] as const;

/** Every published protocol version, oldest first. */
export const VERSIONS: readonly [...typeof LEGACY_VERSIONS, ...typeof MODERN_VERSIONS] = [
  ...LEGACY_VERSIONS,
  ...MODERN_VERSIONS,
];

export type Version = (typeof VERSIONS)[number];

/**
 * The era of a protocol version; undefined where the text is no version (a date, YYYY-MM-DD). Versions are ordered by
 * date, so those that are not published yet have an era too.
 */
export function eraOf(version: string): Era | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(version)) return undefined;
  return version >= MODERN_VERSIONS[0] ? 'modern' : 'legacy';
}
