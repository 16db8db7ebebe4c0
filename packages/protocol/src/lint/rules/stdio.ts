import type { Frame } from '@mcp-dbg/wire';

import { type Family, type Place, type SeenLoose, family } from '../check.ts';
import { ALL } from '../rule.ts';
import { WHO } from '../who.ts';

const TRANSPORT = { legacy: 'basic/transports', modern: 'basic/transports/stdio' } as const;

/** Bytes of one line from which on the official TypeScript SDKs close the connection, unless they are told otherwise. */
const SDK_LIMIT = 10 * 1024 * 1024;

const BOM = '\uFEFF';

/** What crosses the pipes: lines, of which each is one message in UTF-8. */
export const stdio: Family = family(
  {
    'stdio/not-json': {
      title: 'Messages, and nothing else, stand on stdout and stdin',
      level: 'error',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'Write logs and banners to stderr (JavaScript: process.stderr.write, Python: print with file=sys.stderr); stdout is the protocol’s alone.',
      clients:
        'The TypeScript SDK 2.x drops such a line without a word, 1.x reports a SyntaxError, Claude Desktop shows "Unexpected token".',
    },
    'stdio/one-message-a-line': {
      title: 'A message stands on one line',
      level: 'error',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'Write each message with JSON.stringify(message) or json.dumps(message) without indent, and one newline after it.',
      clients: 'Both TypeScript SDKs lose the message; the caller waits for its time-out, with 2.x without any error.',
    },
    'stdio/interleaved': {
      title: 'A line holds one message and nothing else',
      level: 'error',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'Write each message and its newline in one call, under one lock where several threads write.',
      clients: 'Both TypeScript SDKs drop the whole line, with all that was glued together on it.',
    },
    'stdio/utf-8': {
      title: 'Messages are UTF-8 and begin with no byte order mark',
      level: 'error',
      versions: ALL,
      spec: 'basic/transports',
      fix: 'Encode stdout as UTF-8 without a byte order mark (Python: sys.stdout.reconfigure(encoding="utf-8")).',
      clients: 'Both TypeScript SDKs drop a line with a byte order mark; bytes that are no UTF-8 arrive as U+FFFD.',
    },
    'stdio/line-length': {
      title: 'A message stays below the 10 MiB that SDK clients accept',
      level: 'warning',
      versions: ALL,
      fix: 'Send less at once: page the result, or give a resource link in place of its content.',
      clients:
        'The TypeScript SDKs 1.x and 2.x close the connection at 10 MiB of one line ("ReadBuffer exceeded maximum size").',
    },
    'stdio/newline': {
      title: 'The last message ends in a newline',
      level: 'warning',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'End every message with "\\n" and flush before the process ends.',
      clients: 'SDK clients never see a message without its newline.',
    },
    'stdio/crlf': {
      title: 'Lines end in "\\n", not in "\\r\\n"',
      level: 'info',
      once: 'side',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'Write "\\n"; on Windows open stdout in binary mode or with newline="\\n".',
      clients: 'The TypeScript SDKs tolerate it; other clients may not.',
    },
    'stdio/blank-line': {
      title: 'No line is blank',
      level: 'info',
      once: 'side',
      versions: ALL,
      spec: TRANSPORT,
      fix: 'Write one newline after each message and none besides.',
    },
    'json-rpc/not-a-message': {
      title: 'Every JSON value on the wire is a JSON-RPC message',
      level: 'error',
      versions: ALL,
      spec: { legacy: 'basic', modern: 'basic/index' },
      fix: 'Send a request (method, id), a notification (method) or an answer (id with result or error), and nothing else.',
      clients: 'The TypeScript SDKs report a ZodError and drop it; whoever waits for it waits for the time-out.',
    },
  },
  (report) => {
    return {
      line: (seen) => {
        const { frame, from, reading } = seen;
        if (frame.bytes.length > SDK_LIMIT)
          report('stdio/line-length', seen, `${WHO[from]} wrote a line of ${megabytes(frame.bytes.length)} MB`);
        if (!frame.terminated) report('stdio/newline', seen, `${WHO[from]} wrote a last line without a newline`);
        if (reading.text?.startsWith(BOM) === true)
          report('stdio/utf-8', seen, `${WHO[from]} put a byte order mark before a message`);
        if (reading.text?.endsWith('\r') === true)
          report('stdio/crlf', seen, `${WHO[from]} ends its lines with a carriage return and a newline`);
      },
      spread: (seen) => {
        const what = `${WHO[seen.frame.from]} spread one message over ${seen.lines} lines`;
        report('stdio/one-message-a-line', seen, what, { quote: seen.text });
      },
      loose: (seen) => {
        if (isBlank(seen.frame)) report('stdio/blank-line', seen, `${WHO[seen.frame.from]} wrote a blank line`);
        else if (!seen.isCutOff) report(...noiseIn(seen));
      },
    };
  },
);

type Noise = 'stdio/utf-8' | 'stdio/interleaved' | 'stdio/not-json' | 'json-rpc/not-a-message';

/** What a line is that is no message: the rule it breaks, and in which words. */
function noiseIn(seen: SeenLoose): readonly [Noise, Place, string] {
  const { frame, reading } = seen;
  const who = WHO[frame.from];
  if (reading.kind === 'not-json-rpc')
    return ['json-rpc/not-a-message', seen, `${who} wrote JSON that is no message: ${reading.reason}`];
  if (reading.text === undefined)
    return ['stdio/utf-8', seen, `${who} wrote a line that cannot be read: ${reading.reason}`];
  if (reading.text.includes('"jsonrpc"'))
    return ['stdio/interleaved', seen, `${who} wrote a line that holds a message and something else, or half of one`];
  const pipe = frame.from === 'client' ? 'stdin' : 'stdout';
  return ['stdio/not-json', seen, `${who} wrote a line to ${pipe} that is no message: ${reading.reason}`];
}

function isBlank({ bytes }: Frame): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
