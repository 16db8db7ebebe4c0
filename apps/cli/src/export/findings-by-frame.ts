import type { CaptureFinding } from '@mcp-dbg/capture';

/** The findings of each frame, by its number; under undefined those of whole connections. */
export function findingsByFrame(
  findings: readonly CaptureFinding[],
): ReadonlyMap<number | undefined, readonly CaptureFinding[]> {
  const found = new Map<number | undefined, CaptureFinding[]>();
  for (const finding of findings) {
    const known = found.get(finding.n);
    if (known === undefined) found.set(finding.n, [finding]);
    else known.push(finding);
  }
  return found;
}
