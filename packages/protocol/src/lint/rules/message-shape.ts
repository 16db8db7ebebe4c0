import type { FrameFault, Message } from '@mcp-dbg/wire';

import { VERSIONS } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { ALL } from '../rule.ts';
import { WHO } from '../who.ts';

const BASE = { legacy: 'basic', modern: 'basic/index' } as const;

/** The rules that `wire` sees while it reads a message. */
const RULE_OF_FAULT = {
  'duplicate-key': 'json-rpc/duplicate-key',
  'error-shape': 'json-rpc/error-shape',
  'id-type': 'json-rpc/request-id',
  'params-type': 'json-rpc/params-object',
  'result-and-error': 'json-rpc/result-or-error',
  'unsafe-integer': 'json-rpc/unsafe-integer',
  version: 'json-rpc/version',
} as const;

/** What a JSON-RPC message is made of, whatever it is about. */
export const messageShape: Family = family(
  {
    'json-rpc/no-batch': {
      title: 'A line is one message, not an array of them',
      level: 'error',
      versions: VERSIONS.filter((version) => version !== '2025-03-26'),
      spec: { legacy: 'basic/transports', modern: 'basic/transports/stdio' },
      fix: 'Send each message on a line of its own; only MCP 2025-03-26 had batches.',
      clients: 'The TypeScript SDKs drop a batch with a ZodError; the callers wait for their time-outs.',
    },
    'json-rpc/version': {
      title: 'A message has "jsonrpc":"2.0"',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Put "jsonrpc":"2.0" into every message.',
      clients: 'The TypeScript SDKs drop the message with a ZodError; the caller waits for its time-out.',
    },
    'json-rpc/request-id': {
      title: 'An id is a string or a whole number',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Number requests with whole numbers, or name them with strings; null is no id.',
      clients: 'The TypeScript SDKs drop the message with a ZodError.',
    },
    'json-rpc/result-or-error': {
      title: 'An answer has either a result or an error',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Leave "error" out where there is a result, and "result" where there is an error; null is not the same as nothing.',
      clients: 'The TypeScript SDKs drop an answer with "error":null; the caller waits for its time-out.',
    },
    'json-rpc/error-shape': {
      title: 'An error has a whole number as "code" and a text as "message"',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Send {"code":-32603,"message":"what went wrong"}; more goes into "data".',
      clients: 'The TypeScript SDKs drop the answer with a ZodError; the caller waits for its time-out.',
    },
    'json-rpc/notification-id': {
      title: 'A notification has no id',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Leave the id out of notifications/*: nobody answers them.',
    },
    'json-rpc/params-object': {
      title: 'The params of a message are an object',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Send params as an object, or leave them out.',
    },
    'json-rpc/result-object': {
      title: 'A result is an object',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Send an object as the result, {} where there is nothing to say.',
      clients: 'The TypeScript SDKs drop the answer with a ZodError; the caller waits for its time-out.',
    },
    'json-rpc/duplicate-key': {
      title: 'No member of a message is given twice',
      level: 'warning',
      versions: ALL,
      fix: 'Give each key once: most readers take the last, some the first.',
    },
    'json-rpc/unsafe-integer': {
      title: 'A whole number as an id stays within 2^53',
      level: 'warning',
      versions: ALL,
      fix: 'Use smaller numbers or strings: JavaScript rounds larger ones, and the answer then has another id.',
    },
  },
  (report) => {
    const faults = (seen: SeenRequest | SeenNotification | SeenAnswer): void => {
      for (const fault of seen.reading.faults) {
        if (isJsonRpc(fault))
          report(RULE_OF_FAULT[fault], seen, `${WHO[seen.from]} sent ${wordsOf(fault, seen.reading)}`);
      }
    };
    return {
      line: (line) => {
        const { reading, from } = line;
        if (reading.kind === 'batch')
          report(
            'json-rpc/no-batch',
            line,
            `${WHO[from]} sent ${reading.items.length === 1 ? 'one message' : `${reading.items.length} messages`} as an array`,
          );
      },
      request: (seen) => {
        faults(seen);
        const { method } = seen.reading;
        if (method.startsWith('notifications/'))
          report(
            'json-rpc/notification-id',
            seen,
            `${WHO[seen.from]} sent ${method} with an id, which makes it a request`,
          );
      },
      notification: faults,
      answer: (seen) => {
        faults(seen);
        if (seen.reading.kind === 'result' && !isObject(seen.reading.result))
          report('json-rpc/result-object', seen, `${WHO[seen.from]} answered with a result that is no object`);
      },
    };
  },
);

function isJsonRpc(fault: FrameFault): fault is keyof typeof RULE_OF_FAULT {
  return fault in RULE_OF_FAULT;
}

function wordsOf(fault: keyof typeof RULE_OF_FAULT, reading: Message): string {
  switch (fault) {
    case 'duplicate-key':
      return 'a message that has one of its members twice';
    case 'error-shape':
      return 'an error without a whole number as "code" and a text as "message"';
    case 'id-type':
      return `the id ${'id' in reading ? reading.id : 'null'}, which is neither a string nor a whole number`;
    case 'params-type':
      return 'params that are no object';
    case 'result-and-error':
      return 'both "result" and "error" in one answer';
    case 'unsafe-integer':
      return `the id ${'id' in reading ? reading.id : ''}, which JavaScript cannot hold exactly`;
    case 'version':
      return 'a message without "jsonrpc":"2.0"';
  }
}
