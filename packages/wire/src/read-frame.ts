import { type Member, jsonItems, jsonMembers } from './json-members.ts';
import type { FrameFault, IdText, Message, NotJsonRpcReading, Reading } from './reading.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BOM = '\uFEFF';

/** Reads one line as JSON-RPC 2.0. Total: whatever the bytes are, there is a reading and never an exception. */
export function readFrame(bytes: Uint8Array): Reading {
  const text = decode(bytes);
  return text instanceof Error ? { kind: 'not-json', text: undefined, reason: text.message } : readText(text);
}

/** Reads the text of one line; see {@link readFrame}. */
export function readText(text: string): Reading {
  const faults: FrameFault[] = [];
  if (text.startsWith(BOM)) faults.push('bom');
  if (text.endsWith('\r')) faults.push('crlf');
  const json = text.startsWith(BOM) ? text.slice(1) : text;
  const parsed = parse(json);
  if (!parsed.ok) return { kind: 'not-json', text, reason: parsed.reason };
  if (!Array.isArray(parsed.value)) return readValue(json, text, parsed.value, faults);
  const values: readonly unknown[] = parsed.value;
  const items = jsonItems(json).map((item, index) => readValue(item, item, values[index], []));
  return { kind: 'batch', text, faults, items };
}

/** The canonical text of an id's JSON token; see {@link IdText}. */
export function idText(token: string): IdText {
  if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
  if (/^-?\d+$/.test(token)) return token === '-0' ? '0' : token;
  const value = Number(token);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : token;
}

/** The same id as the other of the two JSON types: a habit of peers that keep ids as text. */
export function flippedId(id: IdText): IdText {
  return id.startsWith('"') ? id.slice(1, -1) : idText(JSON.stringify(id));
}

function decode(bytes: Uint8Array): string | Error {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    // Anything but a TypeError is the engine's limit on strings, which is about 512 MB in Node.
    return new Error(error instanceof TypeError ? 'the bytes are not UTF-8' : 'the line is too long to be read');
  }
}

function parse(
  json: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  if (json.trim() === '') return { ok: false, reason: 'the line is empty' };
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'not JSON' };
  }
}

function readValue(json: string, text: string, value: unknown, faults: FrameFault[]): Message | NotJsonRpcReading {
  const refuse = (reason: string): NotJsonRpcReading => ({ kind: 'not-json-rpc', text, faults, value, reason });
  if (!isObject(value)) return refuse('a message is a JSON object');
  const members = jsonMembers(json);
  if (new Set(members.map((member) => member.key)).size < members.length) faults.push('duplicate-key');
  if (value['jsonrpc'] !== '2.0') faults.push('version');

  const idToken = tokenOf(json, members, 'id');
  const id = idToken === undefined ? undefined : idText(idToken);
  if (idToken !== undefined) faults.push(...idFaults(idToken, 'method' in value));

  if (typeof value['method'] === 'string') {
    const { method, params } = value;
    if (params !== undefined && !isObject(params)) faults.push('params-type');
    return id === undefined
      ? { kind: 'notification', text, faults, method, params }
      : { kind: 'request', text, faults, id, method, params };
  }
  if ('method' in value) return refuse('"method" is not a string');
  return readAnswer(value, id ?? 'null', text, faults) ?? refuse('there is no "method", "result" or "error"');
}

function readAnswer(
  value: Readonly<Record<string, unknown>>,
  id: IdText,
  text: string,
  faults: FrameFault[],
): Message | undefined {
  const { result, error } = value;
  if (result !== undefined && error !== undefined) faults.push('result-and-error');
  // `"error":null` beside a result is a habit of JSON-RPC 1.0 peers; the result is what they mean.
  if (error !== undefined && (error !== null || result === undefined)) {
    if (!isObject(error) || !Number.isInteger(error['code']) || typeof error['message'] !== 'string') {
      faults.push('error-shape');
    }
    return { kind: 'error', text, faults, id, error };
  }
  return result === undefined ? undefined : { kind: 'result', text, faults, id, result };
}

function tokenOf(json: string, members: readonly Member[], key: string): string | undefined {
  const member = members.findLast((each) => each.key === key);
  return member && json.slice(member.start, member.end);
}

function idFaults(token: string, isRequest: boolean): readonly FrameFault[] {
  if (token.startsWith('"') || (token === 'null' && !isRequest)) return [];
  if (!/^-?\d+$/.test(token)) return ['id-type'];
  return Number.isSafeInteger(Number(token)) ? [] : ['unsafe-integer'];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
