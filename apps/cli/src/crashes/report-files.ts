import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { MAX_CRASH_REPORTS, crashReportPath } from '@mcp-dbg/capture/node';

import { crashOf } from './crash-of.ts';
import type { CrashReport } from './crash-report.ts';
import type { Crash } from './crash-scan.ts';
import { reportText } from './report-text.ts';

/** What is the same in all reports of a capture. */
interface AboutServer {
  readonly command: readonly string[];
  readonly label: string;
  readonly version: string;
}

/**
 * Writes the crash reports of one capture beside it: files that only their owner can read, each there whole or not at
 * all. No file that was there is touched. When there are as many as there may be, the last one takes turns: it is about
 * the newest crash, and says how many before it were left out.
 */
export class ReportFiles {
  readonly #about: AboutServer;
  /** The number of the file that was tried last. */
  #file = 0;
  #crash = 0;
  /** The crash of the newest report that stays. */
  #kept = 0;
  /** True when the last file is ours. */
  #isFull = false;

  constructor(about: AboutServer) {
    this.#about = about;
  }

  /** Writes the report on the next crash. Never rejects: where it cannot be written, the next one says so. */
  async write(crash: Crash, capture: string, at: string): Promise<void> {
    this.#crash++;
    const leftOut = this.#crash - this.#kept - 1;
    const { command, label, version } = this.#about;
    const report = crashOf(crash, {
      at,
      madeBy: madeBy(version, 'proxy'),
      crash: this.#crash,
      leftOut,
      path: capture,
      label,
      command,
    });
    const isWritten = await this.#put(report, capture).catch(() => false);
    if (isWritten && !this.#isFull) this.#kept = this.#crash;
  }

  async #put(report: CrashReport, capture: string): Promise<boolean> {
    const text = reportText(report);
    if (this.#isFull) {
      await putWhole(crashReportPath(capture, MAX_CRASH_REPORTS), text);
      return true;
    }
    while (this.#file < MAX_CRASH_REPORTS) {
      const path = crashReportPath(capture, ++this.#file);
      if (!(await taken(path))) continue;
      this.#isFull = this.#file === MAX_CRASH_REPORTS;
      await putWhole(path, text).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
      return true;
    }
    return false;
  }
}

/** Who makes a report: this program, here. */
export function madeBy(version: string, from: CrashReport['madeBy']['from']): CrashReport['madeBy'] {
  return { mcpDbg: version, node: process.version, platform: `${process.platform} ${process.arch}`, from };
}

/** Makes an empty file of a name that nobody has, so that what takes its place replaces nothing else; false for one that is taken. */
async function taken(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function putWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.crash-${randomBytes(6).toString('hex')}.tmp`);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx', 0o600);
    await file.writeFile(text);
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
