import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter, captureFolder, captureName } from '@mcp-dbg/capture/node';

import { scratch } from './driver.ts';

/** What a stored capture is to tell; a second of its own unless given. */
export interface Story {
  /** When it began; its name says so too. */
  readonly at?: string;
  readonly argv?: readonly string[];
  /** What the client sent, a line each. */
  readonly said?: readonly string[];
  /** False for one whose writer, a process that is gone, did not close it. */
  readonly close?: boolean;
}

/** A new home, and the folder in which its captures are. */
export function newHome(): { readonly home: string; readonly folder: string } {
  const home = mkdtempSync(join(scratch, 'home-'));
  return { home, folder: captureFolder(home, process.platform) };
}

/** Puts a capture into a folder and gives its path. Its writer is gone. */
export function store(folder: string, label: string, story: Story = {}): string {
  const at = new Date(story.at ?? '2026-11-20T20:40:00.000Z');
  // No system has a process of this number.
  const pid = 2 ** 31 - 1;
  let now = 0;
  const writer = new CaptureWriter({
    path: join(folder, captureName({ at, label, pid })),
    argv: story.argv ?? ['python3', 'weather.py'],
    now: () => (now += 2),
  });
  const connection = writer.connection();
  for (const line of story.said ?? ['{"jsonrpc":"2.0","id":1,"method":"tools/list"}']) {
    connection.read('client', Buffer.from(`${line}\n`));
  }
  if (story.close !== false) writer.close();
  const text = readFileSync(writer.path, 'latin1');
  writeFileSync(
    writer.path,
    text.replace(/"at":"[^"]*"/, `"at":"${at.toISOString()}"`).replace(/"pid":\d+,"ppid":\d+/, `"pid":${pid},"ppid":1`),
    'latin1',
  );
  return writer.path;
}

export const DISCOVER = '{"jsonrpc":"2.0","id":0,"method":"server/discover"}';
