import { type AssertionCallback, requestJwtAuthorizationGrant } from '@modelcontextprotocol/client';
import type { JsonObject } from '@mcp-dbg/core';
import { Access, type Grant, type OwnClient, type Person, memoryStore } from '@mcp-dbg/core/oauth';

/** The URL that the suite takes for the document of a client (auth/basic-cimd). */
const DOCUMENT_URL = 'https://conformance-test.local/client-metadata.json';

/**
 * The right to speak to a scenario's server: as a person who allows everything at once, or as the client that the
 * scenario's context describes. It matters to nobody but the extensions' scenarios which one it is.
 */
export function scenarioAccess(server: string, scenario: string, context: JsonObject): Access {
  const word = (name: string): string | undefined => (typeof context[name] === 'string' ? context[name] : undefined);
  return new Access({ server, store: memoryStore(), grant: grantOf(scenario, word), own: clientOf(word) });
}

/** Gives a text of the context. */
type Word = (name: string) => string | undefined;

function grantOf(scenario: string, word: Word): Grant {
  switch (scenario) {
    case 'auth/client-credentials-basic':
    case 'auth/client-credentials-jwt':
      return { kind: 'client-credentials' };
    case 'auth/enterprise-managed-authorization':
      return { kind: 'jwt-bearer', assertion: statementOf(word) };
    case 'auth/wif-jwt-bearer':
      return { kind: 'jwt-bearer', assertion: () => word('valid_jwt') ?? '' };
    default:
      return { kind: 'person', person: yesPerson };
  }
}

function clientOf(word: Word): OwnClient {
  const [id, secret, pem] = [word('client_id'), word('client_secret'), word('private_key_pem')];
  if (id === undefined) return { documentUrl: DOCUMENT_URL };
  const algorithm = word('signing_algorithm') ?? 'ES256';
  return {
    given: { id, ...(secret !== undefined && { secret }), ...(pem !== undefined && { key: { pem, algorithm } }) },
  };
}

/** Has the identity provider of an enterprise say that this client may have a token. */
function statementOf(word: Word): AssertionCallback {
  return async ({ authorizationServerUrl: audience, resourceUrl: resource, scope, fetchFn }) => {
    const { jwtAuthGrant } = await requestJwtAuthorizationGrant({
      tokenEndpoint: word('idp_token_endpoint') ?? '',
      audience,
      resource,
      idToken: word('idp_id_token') ?? '',
      clientId: word('idp_client_id') ?? '',
      ...(scope !== undefined && { scope }),
      fetchFn,
    });
    return jwtAuthGrant;
  };
}

/** A person who allows everything: the suite's page sends the browser back at once. */
const yesPerson: Person = {
  receive: async () => ({
    // Nobody listens there: the address is read off the answer.
    redirectUrl: 'http://127.0.0.1:3000/callback',
    authorize: async (page) => {
      const { headers } = await fetch(page, { redirect: 'manual' });
      return new URL(headers.get('location') ?? '', page);
    },
    [Symbol.asyncDispose]: async () => {},
  }),
};
