import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Family, type SeenAnswer, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { capabilitiesIn, extensionsIn } from '../envelope.ts';
import { LOG_LEVELS } from '../../log-levels.ts';
import { ALL, MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';
import { WHO } from '../who.ts';

const PAGE = 'basic/index#meta';

/** Capabilities of a client, and what may stand in them: objects, all of them. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  elicitation: ['form', 'url'],
  sampling: ['context', 'tools'],
  roots: [],
  experimental: [],
  extensions: [],
};

/** What stands under the keys that MCP has in `_meta`. */
export const metaValues: Family = family(
  {
    'meta/object': {
      title: 'What stands in _meta is an object',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: { legacy: 'basic', modern: PAGE },
      fix: 'Send an object as _meta, or leave it out of what does not need it.',
    },
    'meta/implementation': {
      title: 'A client or a server names itself with a name and a version',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send {"name":"…","version":"…"}, both of them texts.',
    },
    'meta/capabilities': {
      title: 'Each capability of a client is an object',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send {} for a capability of which there is no more to say, and leave out those that the client has not; true is no capability.',
    },
    'meta/log-level': {
      title: 'A request asks for one of the eight log levels',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: 'server/utilities/logging#log-levels',
      fix: `Ask for one of ${LOG_LEVELS.join(', ')}.`,
    },
  },
  (report) => {
    const judgeMeta = (
      seen: SeenRequest | SeenNotification | SeenAnswer,
      method: string | undefined,
      holder: unknown,
    ): void => {
      const meta = isObject(holder) ? holder['_meta'] : undefined;
      if (meta !== undefined && !isObject(meta))
        report('meta/object', seen, `${WHO[seen.from]} sent ${named(meta)} as _meta`, { about: method ?? '' });
    };
    const judgeSelf = (seen: SeenRequest | SeenAnswer, self: unknown): void => {
      if (!isObject(self) || (typeof self['name'] === 'string' && typeof self['version'] === 'string')) return;
      const lacks = typeof self['name'] === 'string' ? 'a version' : 'a name';
      report('meta/implementation', seen, `${WHO[seen.from]} says who it is without ${lacks}`);
    };
    return {
      request: (seen) => {
        const { from, reading, version } = seen;
        if (!isModern(version)) return;
        judgeMeta(seen, reading.method, reading.params);
        const meta = metaOf(reading.params);
        if (from !== 'client' || meta === undefined) return;
        judgeSelf(seen, meta[META_KEYS.clientInfo]);
        const wrong = firstThatIsNoObject(capabilitiesIn(reading.params) ?? {});
        if (wrong !== undefined)
          report('meta/capabilities', seen, `The client declares ${wrong}, and not with an object`, { about: wrong });
        const level = meta[META_KEYS.logLevel];
        if (level !== undefined && !LOG_LEVELS.some((each) => each === level))
          report('meta/log-level', seen, `The client asks for the log level ${named(level)}`, { about: named(level) });
      },
      notification: (seen) => {
        if (isModern(seen.version)) judgeMeta(seen, seen.reading.method, seen.reading.params);
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (reading.kind !== 'result') return;
        judgeMeta(seen, asked?.method, reading.result);
        if (isModern(version)) judgeSelf(seen, metaOf(reading.result)?.[META_KEYS.serverInfo]);
      },
    };
  },
);

/** The first capability that is there and is no object. */
function firstThatIsNoObject(capabilities: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, members] of Object.entries(CAPABILITIES)) {
    const capability = capabilities[name];
    if (capability === undefined) continue;
    if (!isObject(capability)) return name;
    const member = members.find((each) => capability[each] !== undefined && !isObject(capability[each]));
    if (member !== undefined) return `${name}.${member}`;
  }
  const extension = Object.entries(extensionsIn(capabilities)).find(([, settings]) => !isObject(settings));
  return extension && `the extension ${shortened(extension[0])}`;
}
