import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Asked, type Family, type SeenAnswer, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

/** How both sides find out which versions they share. */
export const versioning: Family = family(
  {
    'discover/implemented': {
      title: 'A modern server answers server/discover',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: 'server/discover',
      fix: 'Answer server/discover with supportedVersions and capabilities.',
      clients: 'A client that knows both eras takes the server for a legacy one and sends initialize.',
    },
    'versioning/unsupported': {
      title: 'A request in a version that the server does not have is refused with -32022',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: 'basic/versioning#protocol-version-negotiation',
      fix: 'Compare the protocolVersion of each request with supportedVersions, and answer -32022 with what is supported.',
    },
    'versioning/fallback': {
      title: 'A client stays modern where the server has the version that it asked for',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: 'basic/transports/stdio#backward-compatibility',
      fix: 'Send initialize only where server/discover failed, or where no version is shared.',
    },
  },
  (report) => {
    let supported: ReadonlySet<unknown> | undefined;
    let shared: Asked | undefined;
    let refused: SeenAnswer | undefined;
    let served: Asked | undefined;
    const judgeDiscover = (): void => {
      if (refused === undefined || served === undefined) return;
      const what = `The server does not know server/discover, but served ${shortened(served.method)} as a modern server does`;
      report('discover/implemented', { ...refused, version: served.version }, what);
    };
    return {
      request: (seen) => {
        if (seen.from !== 'client' || seen.reading.method !== 'initialize' || shared === undefined) return;
        const version = versionIn(shared);
        const what = `The client sent initialize although the server has ${named(version)} (frame ${shared.frame.n} asked)`;
        report('versioning/fallback', { ...seen, version: shared.version }, what);
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client') return;
        const own = versionIn(asked);
        if (asked.method === 'server/discover') {
          if (reading.kind === 'error') {
            shared = undefined;
            if (codeOf(reading.error) === -32601) refused = seen;
          } else if (isObject(reading.result) && Array.isArray(reading.result['supportedVersions'])) {
            supported = new Set<unknown>(reading.result['supportedVersions']);
            if (own !== undefined && supported.has(own)) shared = asked;
          }
        } else if (reading.kind === 'result' && isObject(reading.result) && isModern(version)) {
          // A server that speaks both eras may have taken it for a legacy request; then its result has no type.
          if (typeof reading.result['resultType'] !== 'string' || own === undefined) return;
          served ??= asked;
          if (supported !== undefined && !supported.has(own))
            report(
              'versioning/unsupported',
              seen,
              `The server served ${shortened(asked.method)} in ${shortened(own)}, which it does not have`,
              { about: own },
            );
        }
        judgeDiscover();
      },
      exit: () => {
        // Another process may be another server.
        [supported, shared, refused, served] = [undefined, undefined, undefined, undefined];
      },
    };
  },
);

/** The version that a request names itself. */
function versionIn({ params }: Asked): string | undefined {
  const version = metaOf(params)?.[META_KEYS.protocolVersion];
  return typeof version === 'string' ? version : undefined;
}

function codeOf(error: unknown): unknown {
  return isObject(error) ? error['code'] : undefined;
}
