import { formatMs, formatSeconds } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';
import type { CrashReport } from './crash-report.ts';

/** How a process ended: `exit code 3`, `SIGSEGV`. Safe to print. */
export function endedHow({ code, signal }: Pick<CrashReport, 'code' | 'signal'>): string {
  if (signal !== null) return visible(signal);
  return `exit code ${code ?? 'unknown'}`;
}

/** A span of time of any length, such as `12 ms`, `2.31 s`, `2 m 05 s`, `3 h 07 m`. */
export function span(ms: number): string {
  if (ms < 60_000) return formatMs(ms);
  if (ms < 3_600_000) return formatSeconds(ms);
  const minutes = Math.floor(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

/** What was in flight, in short: `tools/call forecast and 2 more`, or nothing. Safe to print. */
export function inFlightShortly({ inFlight, inFlightMore }: Pick<CrashReport, 'inFlight' | 'inFlightMore'>): string {
  const [first, ...others] = inFlight;
  if (first === undefined) return '';
  const more = others.length + inFlightMore;
  return `${requestName(first)}${more === 0 ? '' : ` and ${more} more`}`;
}

/** A request by its method and its tool. Safe to print. */
export function requestName({ method, tool, id }: CrashReport['inFlight'][number]): string {
  const name = method === null ? (id === null ? 'a batch' : 'a request') : visible(method);
  return tool === null ? name : `${name} ${visible(tool)}`;
}
