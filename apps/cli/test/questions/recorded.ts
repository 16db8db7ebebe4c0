import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter, type ConnectionEvent } from '@mcp-dbg/capture/node';

import { scratch } from '../driver.ts';

/** What a capture is made from: what somebody wrote, a line unless it is bytes, or what happened to the process. */
export interface Recording {
  client(what: object | string | Uint8Array, by?: 'mcp-dbg'): void;
  server(what: object | string | Uint8Array, by?: 'mcp-dbg'): void;
  stderr(what: string | Uint8Array): void;
  event(event: ConnectionEvent): void;
  note(text: string): void;
  /** A fault that fires at a frame, which is a line. */
  fault(from: 'client' | 'server', action: string, original: object | string | Uint8Array): void;
  /** Lets time pass (milliseconds); everything takes one anyway. */
  pass(ms: number): void;
  /** One more connection in the same capture. */
  connection(server?: string): Recording;
}

let files = 0;

/** Records what `act` does, at times that are the same in every run, and gives the capture's path. */
export function recorded(act: (recording: Recording) => void, name = 'story'): string {
  let now = 0;
  const path = join(scratch, 'recorded', `${++files}`, `${name}.mcpcap`);
  const writer = new CaptureWriter({ path, argv: ['python3', 'weather.py'], now: () => now++ });
  const recording = (connection: ReturnType<CaptureWriter['connection']>): Recording => {
    const say =
      (from: 'client' | 'server' | 'stderr') =>
      (what: object | string | Uint8Array, by?: 'mcp-dbg'): void =>
        connection.read(from, bytesOf(what), by);
    return {
      client: say('client'),
      server: say('server'),
      stderr: say('stderr'),
      event: (event) => connection.event(event),
      note: (text) => connection.event({ kind: 'note', text }),
      fault: (from, action, original) =>
        connection.event({ kind: 'fault', from, action, rule: `is:any :: ${action}`, original: bytesOf(original) }),
      pass: (ms) => {
        now += ms;
      },
      connection: (server) => recording(writer.connection(server === undefined ? {} : { server })),
    };
  };
  act(recording(writer.connection()));
  writer.close();
  // No system has a process of this number: the writer is gone.
  writeFileSync(
    path,
    readFileSync(path, 'latin1').replace(/"pid":\d+,"ppid":\d+/, '"pid":2147483647,"ppid":1'),
    'latin1',
  );
  return path;
}

function bytesOf(what: object | string | Uint8Array): Uint8Array {
  if (what instanceof Uint8Array) return what;
  return Buffer.from(`${typeof what === 'string' ? what : JSON.stringify(what)}\n`);
}

export const rpc = (id: number | string, method: string, params?: object): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
export const notice = (method: string, params?: object): object => ({ jsonrpc: '2.0', method, params });
export const result = (id: number | string, value: object = {}): object => ({ jsonrpc: '2.0', id, result: value });
export const failure = (id: number | string, code: number, message: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});
export const call = (id: number | string, name: string, args: object = {}): object =>
  rpc(id, 'tools/call', { name, arguments: args });
export const said = (id: number | string, text: string): object => result(id, { content: [{ type: 'text', text }] });
