/** Bytes on one row. */
const ROW = 16;

/** Bytes as rows of offset, hexadecimal digits and ASCII: what crossed the wire, exactly, and safe to print. */
export function hexText(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) rows.push(row(bytes.subarray(at, at + ROW), at));
  return rows.join('\n');
}

function row(bytes: Uint8Array, at: number): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const halves = [digits.slice(0, ROW / 2), digits.slice(ROW / 2)].map((half) => half.join(' '));
  const shown = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
  return `${at.toString(16).padStart(8, '0')}  ${halves.join('  ').padEnd(ROW * 3)}  |${shown.join('')}|`;
}
