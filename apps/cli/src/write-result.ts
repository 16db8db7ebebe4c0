import type { Io } from './io.ts';
import type { OpenServer } from './open-server.ts';
import { writeOutput } from './output-file.ts';
import { formatBytes } from './render/sizes.ts';

/** What goes into a file, and what it is, where the server says so. */
export interface Written {
  readonly body: string | Uint8Array;
  readonly mimeType?: string;
}

/** Puts what a command was asked for into the file that `-o` names, and says so. Throws CliError `BAD_OUTPUT`. */
export async function writeResult(
  io: Io,
  { say }: OpenServer,
  file: string,
  { body, mimeType = '' }: Written,
): Promise<void> {
  await writeOutput(io, file, undefined, async (out) => void (await out.write(body)));
  say(`wrote ${formatBytes(Buffer.byteLength(body))} to ${file}${mimeType === '' ? '' : ` (${mimeType})`}`);
}

/** The file that `-o` names; undefined for stdout. */
export function fileOf({ output }: { readonly output?: string }): string | undefined {
  return output === '-' ? undefined : output;
}
