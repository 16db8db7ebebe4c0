import type { SavedSignIn } from '@mcp-dbg/core/oauth';

import { localTime } from '../render/local-time.ts';
import { visible } from '../render/visible.ts';

/** A sign-in as a person reads it: where, at whose word, for what, and until when. None of its secrets. */
export function signInText(server: string, { issuer, client, tokens, ...signIn }: SavedSignIn): string {
  const { scope, expiresAt, refreshToken } = tokens ?? {};
  const renews = refreshToken !== undefined || signIn.grant !== 'person';
  const until = expiresAt === undefined ? undefined : localTime(new Date(expiresAt).toISOString());
  const facts = [
    `at ${issuer}`,
    `as ${client.id}`,
    ...(scope === undefined || scope === '' ? [] : [`for ${scope}`]),
    ...(tokens === undefined ? ['over'] : []),
    ...(until === undefined ? [] : [`until ${until}${renews ? ', then renewed' : ''}`]),
  ];
  return `${visible(server)}\n${facts.map((fact) => `  ${visible(fact)}\n`).join('')}`;
}

/** The same for programs. */
export function signInJson(server: string, { issuer, grant, client, tokens }: SavedSignIn): string {
  const { scope = null, expiresAt, refreshToken } = tokens ?? {};
  return JSON.stringify({
    server,
    issuer,
    grant,
    client: client.id,
    scope,
    expires: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    renews: refreshToken !== undefined || grant !== 'person',
  });
}
