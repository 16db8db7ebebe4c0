import { CoreError } from '../errors.ts';

/** Characters of a stranger's text that a message quotes at most. */
const MAX_QUOTED = 200;

/**
 * A URL that secrets may travel to: https, or http on this machine, and no user name in it. Throws {@link CoreError}
 * `UNSAFE_SIGN_IN`, naming what it is the URL of.
 */
export function safeUrl(text: string | URL, what: string): URL {
  const unsafe = (why: string): CoreError =>
    new CoreError('UNSAFE_SIGN_IN', `${what} is ${quoted(String(text))}, ${why}; nothing was sent there`);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unsafe('which is no URL');
  }
  if (url.username !== '' || url.password !== '') throw unsafe('and holds a user name');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw unsafe('and only https is safe there, or http on this machine');
}

/** True for the names of this machine itself (RFC 6761, RFC 8252). */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** A stranger's text as a message quotes it: bounded, and with its ends seen. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
