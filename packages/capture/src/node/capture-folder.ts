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
 * A file name that sorts by time of start, such as `20261120T204000.123Z-weather-4101.mcpcap`. Of the label only what
 * {@link safeLabel} leaves is in it, so it is safe in any path or shell.
 */
export function captureName({ at, label, pid }: CaptureNaming): string {
  const time = at.toISOString().replaceAll(/[-:]/g, '');
  const safe = safeLabel(label);
  return `${time}-${safe === '' ? 'capture' : safe}-${pid}${CAPTURE_EXTENSION}`;
}

/** What a file name keeps of a label: letters without their accents, so that they are ASCII, digits, `.`, `_` and `-`, 40 characters at most; it may be empty. */
export function safeLabel(label: string): string {
  return label
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]+/g, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .slice(0, 40)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}

/** Time, label and pid of a name that was made for a capture; where the name was taken, the pid and a number follow. */
const MADE_NAME = /^(\d{8}T\d{6}\.\d{3}Z-)(.+?)(-(\d+)(?:-\4(?:-\d+)?)?)$/;

/** The label in a capture's file name: what stands between time and pid, or else the whole name without its ending. */
export function labelOfName(name: string): string {
  const stem = stemOf(name);
  return MADE_NAME.exec(stem)?.[2] ?? stem;
}

/** The same file name with another label, which must be a safe one. */
export function relabelledName(name: string, label: string): string {
  const [, time = '', , pid = ''] = MADE_NAME.exec(stemOf(name)) ?? [];
  return `${time}${label}${pid}${CAPTURE_EXTENSION}`;
}

function stemOf(name: string): string {
  return name.endsWith(CAPTURE_EXTENSION) ? name.slice(0, -CAPTURE_EXTENSION.length) : name;
}
