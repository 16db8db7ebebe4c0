import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Family, family } from '../check.ts';
import { capabilitiesIn, hasEnvelope } from '../envelope.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/index#meta';

/** What a modern request says of itself, since nothing was agreed before. */
export const envelope: Family = family(
  {
    'meta/protocol-version': {
      title: 'A request names in _meta the version that it is written in',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Put "io.modelcontextprotocol/protocolVersion" into params._meta of every request.',
    },
    'meta/client-capabilities': {
      title: 'A request says in _meta what its client can do',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Put "io.modelcontextprotocol/clientCapabilities" into params._meta of every request, {} where there is nothing to say.',
    },
    'meta/client-info': {
      title: 'A request says in _meta which client sent it',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Put "io.modelcontextprotocol/clientInfo" with a name and a version into params._meta.',
    },
    'meta/incomplete-served': {
      title: 'A request that lacks its version or its capabilities is refused with -32602',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Check params._meta before anything else, and answer -32602 where it is not complete.',
      clients: 'A client never learns that its requests are malformed, and fails with other servers.',
    },
  },
  (report) => {
    return {
      request: (seen) => {
        const { from, reading, version } = seen;
        const { method, params } = reading;
        if (from !== 'client' || method === 'initialize' || !isModern(version)) return;
        const meta = metaOf(params);
        const without = (what: string): string => `The client sent ${shortened(method)} without ${what} in _meta`;
        const hasVersion = typeof meta?.[META_KEYS.protocolVersion] === 'string';
        const hasCapabilities = capabilitiesIn(params) !== undefined;
        if (!hasVersion)
          report(
            'meta/protocol-version',
            seen,
            without(`its protocol version${hasCapabilities ? '' : ' and capabilities'}`),
            { about: method },
          );
        // Who leaves out both has left out the whole, which is one fault.
        if (hasVersion && !hasCapabilities)
          report('meta/client-capabilities', seen, without('its capabilities'), { about: method });
        if (hasVersion && !isObject(meta[META_KEYS.clientInfo])) report('meta/client-info', seen, without('its name'));
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client' || asked.method === 'initialize' || !isModern(version) || hasEnvelope(asked))
          return;
        // A server that speaks both eras may have taken it for a legacy request; then its result has no type.
        const isModernResult = reading.kind === 'result' && isObject(reading.result) && 'resultType' in reading.result;
        if (isModernResult)
          report(
            'meta/incomplete-served',
            seen,
            `The server served ${shortened(asked.method)} although its _meta is not complete`,
            { about: asked.method },
          );
      },
    };
  },
);
