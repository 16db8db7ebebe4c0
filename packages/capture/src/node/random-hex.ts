import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Random hex digits that nobody can guess, two for each byte. Taken from the system itself: node:crypto takes longer to
 * load than a capture to be made, and serves where the system has no such file.
 */
export function randomHex(bytes: number): string {
  return (fromSystem(bytes) ?? process.getBuiltinModule('node:crypto').randomBytes(bytes)).toString('hex');
}

function fromSystem(bytes: number): Buffer | undefined {
  try {
    const fd = openSync('/dev/urandom', 'r');
    try {
      const random = Buffer.alloc(bytes);
      return readSync(fd, random) === bytes ? random : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
