import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';

import { CaptureError, readCapture } from '@mcp-dbg/capture';
import { captureFolder, newestCapture, openCapture } from '@mcp-dbg/capture/node';

import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { logJson } from '../render/log-json.ts';
import { logHead, logText } from '../render/log-text.ts';
import { themeFor } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

export interface LogOptions {
  readonly json?: boolean;
}

/** Lists what a capture holds, a line each: exchanges, lone frames, noise, stderr, events. Gives the exit code. */
export async function log(io: Io, capture: string | undefined, options: LogOptions): Promise<number> {
  const path = capture === undefined ? await newest(io) : resolve(io.cwd, capture);
  if (capture === undefined) io.stderr.write(`capture: ${visible(path)}\n`);
  const theme = themeFor(io.terminal.stdout, io.env);
  const isJson = options.json === true;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  io.stdout.once('close', leave).once('error', leave);
  try {
    let isFirst = true;
    for await (const entry of readCapture(openCapture(path))) {
      const head = isFirst && !isJson ? theme.dim(logHead()) : '';
      isFirst = false;
      if (!(await delivered(io.stdout, head + (isJson ? logJson(entry) : logText(entry, theme)), gone.signal))) break;
    }
  } finally {
    io.stdout.off('close', leave).off('error', leave);
  }
  return EXIT.good;
}

async function newest(io: Io): Promise<string> {
  const folder = captureFolder(io.home, io.platform);
  const path = await newestCapture(folder);
  if (path !== undefined) return path;
  throw new CaptureError(
    'NOT_FOUND',
    `There is no capture in "${folder}" yet; make one with mcp-dbg proxy or mcp-dbg chat, or name a file`,
  );
}

/** Writes at the reader's pace. False when the reader is gone, as after `| head`. */
async function delivered(stdout: Writable, text: string, gone: AbortSignal): Promise<boolean> {
  if (stdout.destroyed || gone.aborted) return false;
  if (stdout.write(text)) return true;
  await once(stdout, 'drain', { signal: gone }).catch(() => undefined);
  return !stdout.destroyed && !gone.aborted;
}
