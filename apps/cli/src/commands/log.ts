import { once } from 'node:events';
import type { Writable } from 'node:stream';

import { CaptureError, readCapture } from '@mcp-dbg/capture';

import { chooseCapture, recordsOf } from '../choose-capture.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { logJson } from '../render/log-json.ts';
import { logHead, logText } from '../render/log-text.ts';
import { themeFor } from '../render/theme.ts';

export interface LogOptions {
  readonly json?: boolean;
}

/** Lists what a capture holds, a line each: exchanges, lone frames, noise, stderr, events. Gives the exit code. */
export async function log(io: Io, capture: string | undefined, options: LogOptions): Promise<number> {
  const { source, rest } = await chooseCapture(io, capture === undefined ? [] : [capture]);
  if (rest !== '') {
    throw new CaptureError(
      'NOT_FOUND',
      `There is no capture ${JSON.stringify(rest)}: no file and no label; mcp-dbg captures lists the labels`,
    );
  }
  const theme = themeFor(io.terminal.stdout, io.env);
  const isJson = options.json === true;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  io.stdout.once('close', leave).once('error', leave);
  try {
    let isFirst = true;
    for await (const entry of readCapture(recordsOf(io, source))) {
      const head = isFirst && !isJson ? theme.dim(logHead()) : '';
      isFirst = false;
      if (!(await delivered(io.stdout, head + (isJson ? logJson(entry) : logText(entry, theme)), gone.signal))) break;
    }
  } finally {
    io.stdout.off('close', leave).off('error', leave);
  }
  return EXIT.good;
}

/** Writes at the reader's pace. False when the reader is gone, as after `| head`. */
async function delivered(stdout: Writable, text: string, gone: AbortSignal): Promise<boolean> {
  if (stdout.destroyed || gone.aborted) return false;
  if (stdout.write(text)) return true;
  await once(stdout, 'drain', { signal: gone }).catch(() => undefined);
  return !stdout.destroyed && !gone.aborted;
}
