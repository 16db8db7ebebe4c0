import { join } from 'node:path';

/** How a capture's file name ends. */
export const CAPTURE_EXTENSION = '.mcpcap';

/**
 * The folder that captures go to by default. On Linux it is the same whatever XDG variables say: MCP hosts do not
 * pass them on, and a capture must be found where it was made.
 */
export function captureFolder(home: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'mcp-dbg', 'captures');
  if (platform === 'win32') return join(home, 'AppData', 'Local', 'mcp-dbg', 'captures');
  return join(home, '.local', 'state', 'mcp-dbg', 'captures');
}

/** What a capture's file name tells. */
export interface CaptureNaming {
  /** Wall time of the start. */
  readonly at: Date;
  /** What is recorded; any text. */
  readonly label: string;
  readonly pid: number;
}

/**
 * A file name that sorts by time of start, such as `20261120T204000.123Z-weather-4101.mcpcap`. Of the label only
 * ASCII letters, digits, `.`, `_` and `-` are kept, and 40 characters at most, so it is safe in any path or shell.
 */
export function captureName({ at, label, pid }: CaptureNaming): string {
  const time = at.toISOString().replaceAll(/[-:]/g, '');
  const safe = label
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .slice(0, 40)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${time}-${safe === '' ? 'capture' : safe}-${pid}${CAPTURE_EXTENSION}`;
}
