import type { StoredCapture } from './list-captures.ts';

/** How long after the end of its probe a connection is opened at most (milliseconds). */
const PROBE_GAP_MS = 5000;

/**
 * The probe that was made for a capture's connection on a process of its own: the newest capture that began before it,
 * ended less than 5 s before it began, has the same command and, where both tell, the same parent process, and whose
 * client asked nothing but `server/discover`. Undefined where there is none, as for a probe itself. `stored` comes in
 * the order of `listCaptures`.
 */
export function probeOf(capture: StoredCapture, stored: readonly StoredCapture[]): StoredCapture | undefined {
  if (capture.isProbe) return undefined;
  return stored.slice(0, placeOf(capture, stored)).findLast((other) => isProbeFor(other, capture));
}

/** The capture whose connection a probe was made for: the first that fits {@link probeOf}. Undefined where none does. */
export function probedBy(probe: StoredCapture, stored: readonly StoredCapture[]): StoredCapture | undefined {
  if (!probe.isProbe) return undefined;
  for (let at = placeOf(probe, stored) + 1; at < stored.length; at++) {
    const other = stored[at];
    if (other === undefined || gapBetween(probe, other) >= PROBE_GAP_MS) return undefined;
    if (!other.isProbe && isProbeFor(probe, other)) return other;
  }
  return undefined;
}

function placeOf(capture: StoredCapture, stored: readonly StoredCapture[]): number {
  return stored.findIndex(({ path }) => path === capture.path);
}

function isProbeFor(probe: StoredCapture, capture: StoredCapture): boolean {
  const { argv, ppid } = probe;
  if (!probe.isProbe || argv === undefined || capture.argv === undefined) return false;
  return (
    gapBetween(probe, capture) < PROBE_GAP_MS &&
    (ppid === undefined || capture.ppid === undefined || ppid === capture.ppid) &&
    JSON.stringify(argv) === JSON.stringify(capture.argv)
  );
}

/** Milliseconds from the end of one to the start of the other, by the wall clock, which is all that they share. */
function gapBetween(probe: StoredCapture, capture: StoredCapture): number {
  return Date.parse(capture.at) - Date.parse(probe.at) - (probe.us ?? 0) / 1000;
}
