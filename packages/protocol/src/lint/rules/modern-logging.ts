import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Asked, type Family, type SeenNotification, family } from '../check.ts';
import { LOG_LEVELS } from '../../log-levels.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { named } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'server/utilities/logging';

/** Requests with a log level that are remembered while they wait; with more, nothing can be told any more. */
const MAX_ASKING = 10_000;

/** Log messages, which in the modern era each request asks for. */
export const modernLogging: Family = family(
  {
    'logging/asked-for': {
      title: 'Log messages come only where a request asked for them',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send notifications/message only while a request with "io.modelcontextprotocol/logLevel" in _meta is being served; write other logs to stderr.',
    },
    'logging/before-answer': {
      title: 'Log messages come before the answer that they belong to',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Wait for the last log message to be written before the request is answered.',
    },
    'logging/level': {
      title: 'Log messages are as grave as was asked for, or graver',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Compare each message with the logLevel of the request that it belongs to.',
    },
    'logging/no-subscription': {
      title: 'Log messages belong to requests, not to subscriptions',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Leave "io.modelcontextprotocol/subscriptionId" out of notifications/message.',
    },
  },
  (report) => {
    const asking = new Map<Asked, number>();
    let wasAsked = false;
    let forgot = false;
    const judge = (seen: SeenNotification): void => {
      const { frame, reading } = seen;
      if (metaOf(reading.params)?.[META_KEYS.subscriptionId] !== undefined) {
        report('logging/no-subscription', seen, 'The server sent a log message through a subscription');
        return;
      }
      if (forgot) return;
      for (const asked of asking.keys()) {
        if (asked.cancelled !== undefined && isWellAfter(frame, asked.cancelled)) asking.delete(asked);
      }
      const ranks = [...asking.values()];
      const level = isObject(reading.params) ? reading.params['level'] : undefined;
      const rank = rankOf(level);
      if (ranks.length === 0) {
        const rule = wasAsked ? 'logging/before-answer' : 'logging/asked-for';
        const why = wasAsked ? 'after the requests that asked for some were answered' : 'that no request asked for';
        report(rule, seen, `The server sent a log message ${why}`);
      } else if (rank !== -1 && ranks.every((asked) => rank < asked)) {
        const least = String(LOG_LEVELS[ranks.reduce((one, other) => Math.min(one, other))]);
        report(
          'logging/level',
          seen,
          `The server sent a log message of level ${named(level)} where ${least} was asked for`,
          { about: named(level) },
        );
      }
    };
    return {
      request: ({ from, asked }) => {
        const level = metaOf(asked.params)?.[META_KEYS.logLevel];
        if (from !== 'client' || level === undefined) return;
        // A level that is none asks for whatever the server makes of it.
        const rank = Math.max(rankOf(level), 0);
        wasAsked = true;
        if (asking.size < MAX_ASKING) asking.set(asked, rank);
        else forgot = true;
      },
      notification: (seen) => {
        const isLog = seen.from === 'server' && seen.reading.method === 'notifications/message';
        if (isLog && isModern(seen.version)) judge(seen);
      },
      answer: ({ asked }) => {
        if (asked !== undefined) asking.delete(asked);
      },
    };
  },
);

/** How grave a level is; -1 for what is none. */
function rankOf(level: unknown): number {
  return LOG_LEVELS.findIndex((each) => each === level);
}
