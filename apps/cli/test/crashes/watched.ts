import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { CaptureWriter, type ConnectionEvent, openCapture } from '@mcp-dbg/capture/node';
import { type Observer, ServerProcess } from '@mcp-dbg/proxy';
import { waitFor } from '@mcp-dbg/testkit';

import { capturedCrashes } from '../../src/crashes/captured-crashes.ts';
import type { CrashReport } from '../../src/crashes/crash-report.ts';
import { type CrashReporter, crashReporter } from '../../src/crashes/crash-reporter.ts';
import { readReport } from '../../src/crashes/report-text.ts';
import { scratch } from '../driver.ts';

const COMMAND = ['node', 'server.mjs', '--api-key', 'sk-command-0123456789abcdef'] as const;

/** A capture that is being written while its crashes are watched for, both on one clock. */
export class Watch {
  readonly folder: string;
  readonly #writer: CaptureWriter;
  readonly #reporter: CrashReporter;
  #ms = 0;

  constructor(name = 'weather', folder: string = mkdtempSync(join(scratch, 'watch-'))) {
    const now = (): number => this.#ms;
    this.folder = folder;
    this.#writer = new CaptureWriter({ path: join(folder, `${name}.mcpcap`), argv: COMMAND, label: name, now });
    this.#reporter = crashReporter({
      capturePath: () => this.#writer.path,
      command: COMMAND,
      label: name,
      version: '0.1.0',
      now,
    });
  }

  get capture(): string {
    return this.#writer.path;
  }

  /** The observers of one more process. */
  observers(): readonly Observer<ConnectionEvent>[] {
    const recorder = this.#writer.connection();
    const tick = (): void => void this.#ms++;
    return [
      { read: tick, event: tick },
      { read: (from, bytes, by) => recorder.read(from, bytes, by), event: (event) => recorder.event(event) },
      this.#reporter.observe(),
    ];
  }

  /** Shows one more process what `act` makes happen. */
  tell(act: (told: Told) => void): void {
    const all = this.observers();
    act({
      event: (event) => all.forEach((each) => each.event?.(event)),
      read: (from, bytes, by) => all.forEach((each) => each.read?.(from, Buffer.from(bytes), by)),
    });
  }

  /** Ends the capture, when its reports are written. */
  async finish(): Promise<void> {
    await this.#reporter.close();
    this.#writer.close();
  }

  /** The same, and gives the reports that stand beside it, by their files' names. */
  async close(): Promise<ReadonlyMap<string, CrashReport>> {
    await this.finish();
    const names = readdirSync(this.folder).filter((name) => name !== basename(this.capture));
    return new Map(names.map((name) => [name, readReport(readFileSync(join(this.folder, name), 'utf8'))]));
  }
}

/** What can be made to happen to a process that is none. */
export interface Told {
  event(event: ConnectionEvent): void;
  read(from: 'client' | 'server' | 'stderr', bytes: string | Uint8Array, by?: 'mcp-dbg'): void;
}

/** A real server process, watched, whose output is taken. It is given lines to read, each when the one before was answered. */
export async function watchedServer(
  watch: Watch,
  argv: readonly [string, ...string[]],
  ...lines: readonly object[]
): Promise<ServerProcess> {
  const server = await ServerProcess.start({ argv }, watch.observers());
  let answers = 0;
  server.stdout.start((bytes) => {
    answers += bytes.toString().split('\n').length - 1;
    return true;
  });
  server.stderr.start(() => true);
  for (const [index, message] of lines.entries()) {
    server.stdin.write(Buffer.from(`${JSON.stringify(message)}\n`));
    const asked = lines.slice(0, index + 1).filter((each) => 'id' in each).length;
    if (index + 1 < lines.length) await waitFor(() => answers >= asked, `answer ${asked}`);
  }
  return server;
}

/** The reports that the capture itself tells of. */
export async function told(capture: string): Promise<readonly CrashReport[]> {
  const reading = {
    name: basename(capture),
    path: capture,
    size: undefined,
    probe: undefined,
    filter: undefined,
    records: () => openCapture(capture),
    [Symbol.dispose]: () => {},
  };
  const all: CrashReport[] = [];
  for await (const report of capturedCrashes(reading)) all.push(report);
  return all;
}
