import { isObject } from '../../json-object.ts';
import { type Family, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

/** Tools of one list that are compared. */
const MAX_TOOLS = 10_000;

/** Whether a server has the same tools whoever asks. */
export const stableTools: Family = family(
  {
    'tools/stable-list': {
      title: 'The tools of a server do not change without a notification',
      level: 'info',
      versions: MODERN,
      spec: 'server/tools#capabilities',
      fix: 'List the same tools whatever was called before; where they do change, tell those who subscribed with toolsListChanged.',
    },
  },
  (report) => {
    let before: { readonly names: ReadonlySet<string>; readonly n: number } | undefined;
    return {
      notification: ({ reading }) => {
        if (reading.method === 'notifications/tools/list_changed') before = undefined;
      },
      answer: (seen) => {
        const { asked, reading, version, frame } = seen;
        if (asked?.method !== 'tools/list' || reading.kind !== 'result' || !isModern(version)) return;
        const { tools, nextCursor } = isObject(reading.result) ? reading.result : {};
        const isPage = nextCursor !== undefined || (isObject(asked.params) && asked.params['cursor'] !== undefined);
        if (isPage || !Array.isArray(tools) || tools.length > MAX_TOOLS) return;
        const names = new Set(
          tools.flatMap((tool) => (isObject(tool) && typeof tool['name'] === 'string' ? [tool['name']] : [])),
        );
        const more = before && [...names].filter((name) => !before?.names.has(name));
        const fewer = before && [...before.names].filter((name) => !names.has(name));
        const changes = [...(more ?? []).map((name) => `+ ${name}`), ...(fewer ?? []).map((name) => `- ${name}`)];
        const listed = changes.slice(0, 5).map((change) => shortened(change));
        if (before !== undefined && listed.length > 0)
          report(
            'tools/stable-list',
            seen,
            `The server lists other tools than in frame ${before.n}: ${listed.join(', ')}`,
          );
        before = { names, n: frame.n };
      },
      exit: () => {
        before = undefined;
      },
    };
  },
);
