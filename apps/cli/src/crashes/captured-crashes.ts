import { labelOfCommand } from '../label-of-command.ts';
import type { Reading } from '../reading.ts';
import { VERSION } from '../version.ts';
import { crashOf } from './crash-of.ts';
import type { CrashReport } from './crash-report.ts';
import { type Crash, crashesIn } from './crash-scan.ts';
import { madeBy } from './report-files.ts';

/** The reports on the crashes of a capture, the first one first: as the proxy writes them, from the same traffic. */
export async function* capturedCrashes(reading: Reading): AsyncGenerator<CrashReport, void, undefined> {
  let crash = 0;
  for await (const found of crashesIn(reading.records())) {
    const command = found.spawn.argv ?? found.opened?.argv ?? [];
    yield crashOf(found, {
      at: timeOf(found),
      madeBy: madeBy(VERSION, 'capture'),
      crash: ++crash,
      leftOut: 0,
      path: reading.path ?? reading.name,
      label: found.spawn.server ?? found.opened?.label ?? labelOfCommand(command),
      command,
    });
  }
}

/** The wall time of the end, by the clock that the capture was opened with. */
function timeOf({ opened, exit }: Crash): string | null {
  if (opened === undefined) return null;
  const time = new Date(Date.parse(opened.at) + (exit.us - opened.us) / 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
