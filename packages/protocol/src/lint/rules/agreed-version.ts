import { LEGACY_VERSIONS, eraOf } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Asked, type Family, type Place, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { LEGACY } from '../rule.ts';
import { shortened } from '../shortened.ts';

const PAGE = 'basic/lifecycle';

/** Older than all that are checked here; SDKs speak it still. */
const ANCIENT = '2024-10-07';

/** The version that both sides of a legacy connection agree on. */
export const agreedVersion: Family = family(
  {
    'lifecycle/known-version': {
      title: 'The version in initialize is a published one of its era',
      level: 'warning',
      versions: LEGACY,
      spec: PAGE,
      fix: `Ask for a version that was published, and answer with one: ${LEGACY_VERSIONS.join(', ')}.`,
      clients: 'SDK clients close the connection at a version that they do not know.',
    },
    'lifecycle/newer-version': {
      title: 'A server does not choose a newer version than its client asked for',
      level: 'info',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Support the older versions too: a client seldom knows a version that is newer than its own newest.',
    },
    'lifecycle/disconnect': {
      title: 'A client ends the connection when the server chose a version that nobody published',
      level: 'warning',
      once: 'side',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Close the connection, and tell which version the server answered with.',
    },
  },
  (report) => {
    let unknown: string | undefined;

    const asksFor = (seen: SeenRequest): void => {
      const version = versionIn(seen.asked.params);
      // That a modern client has no initialize is another rule's concern.
      if (version === undefined || isPublished(version) || eraOf(version) === 'modern') return;
      report('lifecycle/known-version', legacy(seen), `The client asked for the version ${shortened(version)}`);
    };

    const goesOn = (seen: Place, method: string): void => {
      if (unknown === undefined || seen.from !== 'client') return;
      const what = `The client went on with ${shortened(method)}, though the server chose the version`;
      report('lifecycle/disconnect', legacy(seen), `${what} ${shortened(unknown)}`);
    };

    const chooses = (seen: SeenAnswer, { params }: Asked, result: unknown): void => {
      const [wanted, chosen] = [versionIn(params), versionIn(result)];
      if (chosen === undefined) return;
      if (!isPublished(chosen)) {
        unknown = chosen;
        report('lifecycle/known-version', legacy(seen), `The server chose the version ${shortened(chosen)}`);
      } else if (wanted !== undefined && eraOf(wanted) === 'legacy' && chosen > wanted) {
        const what = `The server chose ${chosen} where the client asked for ${wanted}`;
        report('lifecycle/newer-version', legacy(seen), what);
      }
    };

    return {
      request: (seen) => {
        if (seen.asked.method === 'initialize') asksFor(seen);
        else goesOn(seen, seen.asked.method);
      },
      notification: (seen) => goesOn(seen, seen.reading.method),
      answer: (seen) => {
        const { reading } = seen;
        const asked = answeredRequest(seen);
        if (asked?.method === 'initialize' && reading.kind === 'result') chooses(seen, asked, reading.result);
      },
    };
  },
);

function versionIn(said: unknown): string | undefined {
  const version = isObject(said) ? said['protocolVersion'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

function isPublished(version: string): boolean {
  return version === ANCIENT || LEGACY.some((each) => each === version);
}

/** Whoever names a version that is none still stands under these rules. */
function legacy(place: Place): Place {
  return { ...place, version: place.version ?? '2025-11-25' };
}
