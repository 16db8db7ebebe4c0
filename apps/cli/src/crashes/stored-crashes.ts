import { basename } from 'node:path';

import { captureFolder, captureOfCrashReport, crashReportFiles } from '@mcp-dbg/capture/node';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { readSmallFile, statusOf } from '../private-file.ts';
import type { CrashReport } from './crash-report.ts';
import { MAX_REPORT_BYTES, readReport } from './report-text.ts';

/** Reports that a list has at most: the newest. */
const MAX_LISTED = 200;

/** The crash reports of the state folder. */
export interface StoredCrashes {
  /** Their paths, the newest crash first. */
  readonly paths: readonly string[];
  /** Files that are named as reports are and are none, each with the reason. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** How many files there are beyond those that were looked at. */
  readonly older: number;
}

/** What a crash is found by. */
interface Found {
  readonly path: string;
  readonly at: string;
  readonly label: string;
}

/** Finds the reports of the state folder, or those of a server's label. Never throws for what a file holds. */
export async function storedCrashes({ home, platform }: Io, label?: string): Promise<StoredCrashes> {
  const files = await crashReportFiles(captureFolder(home, platform));
  const newest = files.toSorted((one, other) => other.writtenMs - one.writtenMs || (one.path < other.path ? 1 : -1));
  const found: Found[] = [];
  const skipped: { readonly path: string; readonly why: string }[] = [];
  for (const { path } of newest.slice(0, MAX_LISTED)) {
    try {
      const report = loadReport(path);
      found.push({ path, at: report.at ?? '', label: report.label });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      // Whoever runs now may have deleted it, or is just about to write it.
      if (error.code !== 'NOT_FOUND') skipped.push({ path, why: error.message });
    }
  }
  const wanted = found.filter((each) => label === undefined || each.label === label);
  const paths = wanted.toSorted((one, other) => compare(other.at, one.at)).map(({ path }) => path);
  return { paths, skipped, older: Math.max(0, files.length - MAX_LISTED) };
}

/** Reads a report. Throws CliError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`, `NOT_A_CRASH`, `NEWER_FORMAT`) with the reason. */
export function loadReport(path: string): CrashReport {
  return readReport(readSmallFile(path, MAX_REPORT_BYTES));
}

/** Where the capture of a stored report is: beside it, even if both have another name by now; else where it was. */
export function captureOf(path: string, report: CrashReport): string {
  const beside = captureOfCrashReport(path);
  return beside !== undefined && isThere(beside) ? beside : report.capture.path;
}

/** True for a word that can only be meant as the path of a report. */
export function isReportPath(word: string): boolean {
  return basename(word).endsWith('.json');
}

function isThere(path: string): boolean {
  try {
    return statusOf(path) !== undefined;
  } catch {
    return false;
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
