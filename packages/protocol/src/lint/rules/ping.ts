import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { LEGACY } from '../rule.ts';
import { WHO } from '../who.ts';

const PAGE = 'basic/utilities/ping';

/** Microseconds after which an answer to a ping is late: who pings to see whether the other lives waits for seconds. */
const LATE_US = 5_000_000;

/** How a ping is answered. */
export const ping: Family = family(
  {
    'lifecycle/ping-answer': {
      title: 'A ping is answered with an empty result',
      level: 'error',
      once: 'side',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Answer ping with {"result":{}}, whatever else goes on.',
    },
    'lifecycle/ping-late': {
      title: 'A ping is answered within five seconds',
      level: 'warning',
      once: 'side',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Answer ping while other work goes on: no call should keep the loop that reads messages.',
    },
  },
  (report) => {
    return {
      answer: (seen) => {
        const { from, frame } = seen;
        const asked = answeredRequest(seen);
        if (asked?.method !== 'ping') return;
        const fault = faultOf(seen);
        if (fault !== undefined) report('lifecycle/ping-answer', seen, `${WHO[from]} answered ping with ${fault}`);
        const tookUs = frame.endUs - asked.frame.endUs;
        if (tookUs > LATE_US)
          report('lifecycle/ping-late', seen, `${WHO[from]} answered ping after ${(tookUs / 1e6).toFixed(1)} s`);
      },
    };
  },
);

function faultOf({ reading }: SeenAnswer): string | undefined {
  if (reading.kind === 'error') return 'an error';
  const members = isObject(reading.result) ? Object.keys(reading.result).filter((key) => key !== '_meta') : [];
  return members.length === 0 ? undefined : 'a result that is not empty';
}
