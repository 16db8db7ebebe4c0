import { eraOf } from '@mcp-dbg/protocol';

import { readConversation } from './crash-conversation.ts';
import { crashFindings } from './crash-findings.ts';
import { CrashFrames } from './crash-frames.ts';
import type { CrashReport } from './crash-report.ts';
import type { Crash } from './crash-scan.ts';

/** What a report says beside what the traffic tells. */
export type AboutCrash = Pick<CrashReport, 'at' | 'madeBy' | 'crash' | 'leftOut' | 'label' | 'command'> & {
  /** Where the capture is. */
  readonly path: string;
};

/** The report on a crash. Total and bounded, whatever the peers said. */
export function crashOf(crash: Crash, { path, ...about }: AboutCrash): CrashReport {
  const { spawn, exit, traffic } = crash;
  const room = new CrashFrames(exit.us);
  const all = [...traffic.first, ...traffic.last];
  // What was in flight has the room first: it may be older than the last frames.
  const said = readConversation(all, { endUs: exit.us, pid: spawn.pid }, room);
  const frames = room.lastOf(all);
  const { end, bytes, last } = traffic.stderr;
  return {
    ...about,
    capture: { path, conn: exit.conn },
    pid: spawn.pid,
    client: said.client,
    server: said.server,
    era: (said.protocolVersion === null ? undefined : eraOf(said.protocolVersion)) ?? null,
    protocolVersion: said.protocolVersion,
    code: exit.code,
    signal: exit.signal,
    uptimeMs: Math.max(0, exit.us - spawn.us) / 1000,
    stderr: { last: last ?? null, tail: new TextDecoder().decode(end), bytes },
    inFlight: said.inFlight,
    inFlightMore: said.inFlightMore,
    frames,
    framesBefore: traffic.count - frames.length,
    isTorn: traffic.isTorn,
    ...crashFindings(crash),
  };
}
