import { validateAuthorizationResponseIssuer } from '@modelcontextprotocol/client';

import { CoreError } from '../errors.ts';
import { failed, oauthFailure } from './oauth-failure.ts';
import { quoted } from './safe-url.ts';

/** What was asked, against which the answer is held. */
export interface AskedCode {
  readonly state: string;
  readonly issuer: string | undefined;
  /** Whether the authorization server promised to name itself in every answer (RFC 9207). */
  readonly namesItself: boolean;
}

const STEP = 'Cannot sign in';

/**
 * Reads the authorization code out of the URL that a browser was sent back to. The answer is first held to belong to what
 * was asked; until then nothing of it is shown. Throws {@link CoreError}.
 */
export function readCallback(
  callback: URL,
  { state, issuer, namesItself }: AskedCode,
): { readonly code: string; readonly iss: string | undefined } {
  const given = callback.searchParams;
  if (given.get('state') !== state) {
    throw new CoreError('UNSAFE_SIGN_IN', `${STEP}: the answer belongs to another question (state); it was not used`);
  }
  const iss = given.get('iss') ?? undefined;
  try {
    validateAuthorizationResponseIssuer({ iss, expectedIssuer: issuer, issParameterSupported: namesItself });
  } catch (error) {
    throw oauthFailure(error, STEP);
  }
  const error = given.get('error');
  if (error !== null) {
    const why = given.get('error_description');
    throw failed(`the authorization server says ${quoted(why === null ? error : `${error}, ${why}`)}`, STEP);
  }
  const code = given.get('code');
  if (code === null || code === '') throw failed('the answer has neither a code nor an error', STEP);
  return { code, iss };
}
