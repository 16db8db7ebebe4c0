import type { OAuthTokens } from '@modelcontextprotocol/client';

import { failed } from './oauth-failure.ts';
import type { SavedTokens } from './token-store.ts';

/** Characters of a token at most; servers refuse much shorter headers. */
const MAX_TOKEN = 65_536;
/** Seconds that a token is believed to live at most: ten years. */
const MAX_LIFE = 315_360_000;

/** What is kept of a token answer (RFC 6749, 5.1), at a time in milliseconds since 1970. Throws where it cannot be used. */
export function savedTokens(given: OAuthTokens, asked: string | undefined, now: number): SavedTokens {
  const { access_token: accessToken, token_type: type, refresh_token: refreshToken, expires_in: life } = given;
  if (type.toLowerCase() !== 'bearer') throw failed('the token is none to be borne (token_type)', STEP);
  // It becomes a header's value, and nothing else may come in with it (RFC 6750, 2.1).
  if (accessToken.length > MAX_TOKEN || !/^[\x21-\x7e]+$/.test(accessToken)) throw failed('the token is none', STEP);
  // Where no scope is named, it is the one that was asked for.
  const scope = given.scope ?? asked;
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(scope !== undefined && { scope }),
    ...(life !== undefined && { expiresAt: now + Math.min(Math.max(life, 0), MAX_LIFE) * 1000 }),
  };
}

const STEP = 'Cannot use what the authorization server gave';
