import type { Finding } from '@mcp-dbg/protocol/lint';

import { remark } from '../doctor-rules.ts';
import type { StartFacts } from '../start-facts.ts';

/** Characters of an answer that are quoted. */
const MAX_QUOTE = 160;

/** Why a server behind a URL did not give a list of its tools; nothing where it did. */
export function checkUnreachable({ outcome, processes }: StartFacts): readonly Finding[] {
  if (outcome.kind !== 'failed') return [];
  const { code, message } = outcome;
  switch (code) {
    case 'CONNECTION_LOST': {
      const fix = 'Check the URL, and that the server runs; curl -i with that URL says whether anything answers there.';
      return [remark('http/reach', { message, fix })];
    }
    case 'SIGN_IN_FAILED':
    case 'SIGN_IN_NEEDED':
    case 'UNSAFE_SIGN_IN':
    case 'UNAUTHORIZED': {
      const fix = 'Sign in with mcp-dbg sign-in URL, or give --header "Authorization: Bearer TOKEN".';
      return [remark('http/sign-in', { message, fix })];
    }
    default: {
      const fix =
        'Name the URL of the MCP endpoint, which often ends in /mcp; one that ends in /sse speaks an older transport.';
      return [remark('http/answer', { message, quote: processes.at(-1)?.noise[0]?.slice(0, MAX_QUOTE), fix })];
    }
  }
}
