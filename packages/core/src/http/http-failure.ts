import { CoreError } from '../errors.ts';
import { isObject } from '../json.ts';

/** Characters of an answer that a sentence quotes at most. */
const MAX_QUOTE = 120;

/** What the system's codes mean, and what to do. Codes of certificates are OpenSSL's. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the server running, and is the port right?',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'there is no such host; check the name',
  EAI_AGAIN: 'the name could not be looked up now; is there a network?',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host; is there a network?',
  EPROTO: 'it does not speak TLS there; try http:// in place of https://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there; try http:// in place of https://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there; try http:// in place of https://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; name its file in NODE_EXTRA_CA_CERTS to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is by an unknown authority; name its file in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is by an unknown authority; name its file in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is by an unknown authority; name its file in NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host; check the name',
};

/** The system's code of an error, such as `ECONNREFUSED`; `failed` where it has none. */
export function codeOf(error: unknown): string {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : 'failed';
}

/** Why there was no answer, in words. */
function causeOf(error: unknown): string {
  const code = codeOf(error);
  const cause = CAUSES[code];
  if (cause !== undefined) return `${cause} (${code})`;
  if (code.startsWith('HPE_')) return `it does not speak HTTP there (${code})`;
  return error instanceof Error && error.message !== '' ? `${error.message} (${code})` : code;
}

/** The server could not be asked, or the connection broke before its answer began. */
export function unreachable(url: string, error: unknown): CoreError {
  // Everything but a cut happens before the request is there.
  const untouched = !['ECONNRESET', 'EPIPE', 'failed'].includes(codeOf(error));
  return new CoreError('CONNECTION_LOST', `Cannot reach ${url}: ${causeOf(error)}`, {
    cause: error,
    untouched,
    isRemote: true,
  });
}

/** The server wants to know who asks (basic/authorization). */
export function unauthorized(url: string, status: number): CoreError {
  const what = status === 401 ? 'wants to know who you are (HTTP 401)' : 'does not let you do that (HTTP 403)';
  const next = status === 401 ? 'sign in' : 'sign in as somebody who may';
  const message = `The server at ${url} ${what}: ${next}, or give --header "Authorization: Bearer TOKEN"`;
  return new CoreError('UNAUTHORIZED', message, { status });
}

/** The server does not know the session any more, which is how it says that it ended. */
export function sessionOver(url: string, status: number): CoreError {
  const message = `The server at ${url} no longer knows this session (HTTP ${status})`;
  return new CoreError('CONNECTION_LOST', message, { status, untouched: true, isRemote: true });
}

/** An answer with a status that says no, and nothing of the protocol in it. */
export function refused(url: string, { status, statusText }: Response, body: string): CoreError {
  const said = `${status}${statusText === '' ? '' : ` ${statusText}`}`;
  const quote = excerpt(body);
  const what = `The server at ${url} answered HTTP ${said}${quote === '' ? '' : `: ${quote}`}`;
  return new CoreError('BAD_ANSWER', `${what}${adviceOf(status)}`, { status });
}

/** An answer that is none of the protocol. */
export function notAnAnswer(url: string, { status }: Response, type: string, body: string): CoreError {
  if (body.trim() === '') {
    return new CoreError('BAD_ANSWER', `The server at ${url} answered HTTP ${status} without a message`);
  }
  const isPage = type === 'text/html' || /^\s*<(?:!doctype|html)/i.test(body);
  const what = isPage ? 'a web page' : `what is no message of the protocol (${type === '' ? 'no content type' : type})`;
  const message = `The server at ${url} answered with ${what}: ${excerpt(body)}; is it the URL of an MCP server?`;
  return new CoreError('BAD_ANSWER', message);
}

/** An answer that ended too early. */
export function cutShort(url: string, error: unknown): CoreError {
  const message = `The server at ${url} ended its answer in the middle: ${causeOf(error)}`;
  return new CoreError('CONNECTION_LOST', message, { cause: error, isRemote: true });
}

/** A stream that ended in good order, without the answer. */
export function unanswered(url: string): CoreError {
  return new CoreError(
    'CONNECTION_LOST',
    `The server at ${url} ended its answer without the message that was asked for`,
    { isRemote: true },
  );
}

/** A message without an answer that the server neither took nor refused. */
export function untaken(url: string, message: object, timeoutMs: number): CoreError {
  const what = 'method' in message ? String(message.method) : 'our answer';
  return new CoreError('TIMEOUT', `The server at ${url} did not take ${what} within ${timeoutMs / 1000} s`);
}

/** Where the server says that it is, which a person has to decide to trust. */
export function redirected(url: string, status: number, to: string): CoreError {
  const message = `The server at ${url} says that it is at ${to} (HTTP ${status}); name that URL if you trust it`;
  return new CoreError('BAD_ANSWER', message);
}

function adviceOf(status: number): string {
  if (status === 404) return '; is the path of the URL right?';
  if (status === 405) return '; is it the URL of an MCP server?';
  if (status === 429) return '; it has had too many requests, try again later';
  return '';
}

function excerpt(body: string): string {
  const text = body.replaceAll(/\s+/g, ' ').trim();
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}
