import { CaptureError } from '../capture-error.ts';
import { codeOf, reasonOf } from './system-reason.ts';

/** Why a capture could not be opened. */
export function notOpened(path: string, cause: unknown): CaptureError {
  if (codeOf(cause) !== 'ENOENT') return unreadable(path, cause);
  return new CaptureError('NOT_FOUND', `There is no capture at "${path}"; give the path of a .mcpcap file`, { cause });
}

export function notAFile(path: string): CaptureError {
  return new CaptureError(
    'NOT_A_FILE',
    `Cannot read "${path}" as a capture: it is not a regular file; name a .mcpcap file, or - for standard input`,
  );
}

export function empty(name: string): CaptureError {
  return new CaptureError('NOT_A_CAPTURE', `Cannot read "${name}": it is empty, so it is not a capture`);
}

export function unreadable(path: string, cause: unknown): CaptureError {
  return new CaptureError('UNAVAILABLE', `Cannot read the capture "${path}": ${reasonOf(cause)}`, { cause });
}
