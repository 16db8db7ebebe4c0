import { InsecureTokenEndpointError, IssuerMismatchError, OAuthError } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { quoted } from './safe-url.ts';

/**
 * Says why a step of signing in failed. `secrets` are what was sent: a server may send it back in its error, and a
 * message shows none of them.
 */
export function oauthFailure(error: unknown, step: string, secrets: readonly (string | undefined)[] = []): unknown {
  if (error instanceof CoreError) return error;
  if (error instanceof InsecureTokenEndpointError) return unsafe(`the token endpoint is not https`, step, error);
  if (error instanceof IssuerMismatchError) {
    // What came back may be an attacker's text, so it is not shown (RFC 9207, 2.4).
    const why =
      error.kind === 'metadata'
        ? `the metadata found for ${quoted(error.expected ?? '')} name another issuer`
        : 'the answer does not come from the authorization server that was asked';
    return unsafe(why, step, error);
  }
  if (error instanceof OAuthError) return failed(`the authorization server says ${said(error, secrets)}`, step, error);
  if (error instanceof Error && (error.name === 'ZodError' || error instanceof SyntaxError))
    return failed('the authorization server sent something of no known shape', step, error);
  return error;
}

/** A failure without a cause in an error. */
export function failed(why: string, step: string, cause?: unknown): CoreError {
  return new CoreError('SIGN_IN_FAILED', `${step}: ${why}`, { cause });
}

function unsafe(why: string, step: string, cause: unknown): CoreError {
  return new CoreError('UNSAFE_SIGN_IN', `${step}: ${why}; nothing secret was sent`, { cause });
}

/** The error's code and its description, without what was secret in the request. */
function said({ code, message }: OAuthError, secrets: readonly (string | undefined)[]): string {
  const told = code === message ? code : `${code}, ${message}`;
  // It may come back in the form in which it was sent, too.
  const forms = secrets.flatMap((secret) =>
    secret ? [secret, new URLSearchParams({ '': secret }).toString().slice(1)] : [],
  );
  return quoted(forms.reduce((text, form) => text.replaceAll(form, '…'), told));
}
