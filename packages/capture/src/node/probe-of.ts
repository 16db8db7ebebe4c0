import type { StoredCapture } from './list-captures.ts';

/** How long after the end of its probe a connection is opened at most (milliseconds). */
const PROBE_GAP_MS = 5000;

/**
 * The newest of the probes that were made for a capture's connection on processes of their own, see {@link probedBy}.
 * Undefined where there is none, as for a probe itself. `stored` comes in the order of `listCaptures`.
 */
export function probeOf(capture: StoredCapture, stored: readonly StoredCapture[]): StoredCapture | undefined {
  return stored.findLast((probe) => isProbeFor(probe, capture) && probedBy(probe, stored)?.path === capture.path);
}

/**
 * The capture whose connection a probe was made for: the first that began after the probe and less than 5 s after its
 * end, with the same command, and with the same parent process where one of them has it: a host that starts its servers
 * through npx starts each with a parent of its own. Undefined where none fits, and for what is no probe.
 */
export function probedBy(probe: StoredCapture, stored: readonly StoredCapture[]): StoredCapture | undefined {
  if (!probe.isProbe) return undefined;
  let first: StoredCapture | undefined;
  for (let at = stored.findIndex(({ path }) => path === probe.path) + 1; at < stored.length; at++) {
    const other = stored[at];
    if (other === undefined || gapBetween(probe, other) >= PROBE_GAP_MS) break;
    if (!isProbeFor(probe, other)) continue;
    if (mayShareParent(probe, other)) return other;
    first ??= other;
  }
  return first;
}

function isProbeFor(probe: StoredCapture, capture: StoredCapture): boolean {
  const { argv, at } = probe;
  if (!probe.isProbe || capture.isProbe || argv === undefined || capture.argv === undefined) return false;
  if (at > capture.at || gapBetween(probe, capture) >= PROBE_GAP_MS) return false;
  return JSON.stringify(argv) === JSON.stringify(capture.argv);
}

/** Old captures do not tell the parent. */
function mayShareParent({ ppid: one }: StoredCapture, { ppid: other }: StoredCapture): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Milliseconds from the end of one to the start of the other, by the wall clock, which is all that they share. */
function gapBetween(probe: StoredCapture, capture: StoredCapture): number {
  return Date.parse(capture.at) - Date.parse(probe.at) - (probe.us ?? 0) / 1000;
}
