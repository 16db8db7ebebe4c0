import type { RecordBytes } from '../record-scan.ts';
import type { LineScan, MakeLineScan } from '../skim/line-scan.ts';

/** A capture whose bytes can be gone through in order, and looked at again one by one. */
export interface ScanSource extends RecordBytes {
  /** Gets more bytes into the window, and keeps those from `at` on; false when there are no more. */
  fill(): boolean;
  /** Bytes of the capture that were in the window before; the caller may keep them. */
  read(offset: number, size: number): Uint8Array;
  /** Scans lines that stand in the window; another one after each filling. */
  readonly scan: LineScan;
  readonly makeScan: MakeLineScan;
  readonly isUtf8: (bytes: Uint8Array) => boolean;
  /** True where all lines that end in the window are known to be UTF-8. */
  readonly isWindowUtf8: boolean;
}
