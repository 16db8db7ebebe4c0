import { peerOf } from '@mcp-dbg/wire';

import { answeredRequest } from '../answered-request.ts';
import { type Family, type SeenAnswer, type SeenNotification, family } from '../check.ts';
import { cancelledId } from '../conversation.ts';
import { isWellAfter } from '../race.ts';
import { LEGACY } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isTaskAugmented } from '../task-requests.ts';
import { WHO } from '../who.ts';

const PAGE = 'basic/utilities/cancellation';

/** Which requests are called off, and how. Of the modern era there are rules of its own. */
export const cancellation: Family = family(
  {
    'cancellation/request-id': {
      title: 'A cancellation names the request that it is about',
      level: 'error',
      once: 'side',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Put the id of the request into params.requestId, with its JSON type.',
    },
    'cancellation/own-request': {
      title: 'Only a request that the same side sent is cancelled',
      level: 'error',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Send back the id of the request exactly as it was sent: 1 and "1" are two ids.',
      clients: 'SDKs ignore a cancellation of what they do not know, and the call goes on.',
    },
    // The pages say MUST NOT of this and the next. But an SDK does both when its time-out runs out, as it has to of others.
    'cancellation/initialize': {
      title: 'The request initialize is not cancelled',
      level: 'warning',
      versions: LEGACY,
      spec: PAGE,
      fix: 'End the process instead: without initialize there is no connection to keep.',
      clients: 'Clients of the TypeScript SDK 1.x send it when initialize takes longer than their time-out.',
    },
    'cancellation/task': {
      title: 'A request that runs as a task is cancelled by tasks/cancel',
      level: 'warning',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Send tasks/cancel with the taskId that the request was answered with.',
      clients: 'The TypeScript SDK 1.x sends notifications/cancelled for a task whose creation takes too long.',
    },
    'cancellation/finished': {
      title: 'A request that was answered is not cancelled any more',
      level: 'warning',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Forget a request when its answer has come; send nothing when its time-out runs out later.',
    },
    'cancellation/answered': {
      title: 'A request that was cancelled gets no answer',
      level: 'info',
      versions: LEGACY,
      spec: PAGE,
      fix: 'Stop the work where that is possible, and drop what comes of it: nobody waits for it.',
      clients: 'SDK clients drop the answer, and report it as one with an unknown message ID.',
    },
  },
  (report, { requests }) => {
    const judge = (seen: SeenNotification): void => {
      const { from, reading, frame } = seen;
      const who = WHO[from];
      const id = cancelledId(reading.text);
      if (id === undefined) {
        report('cancellation/request-id', seen, `${who} cancelled a request without its id`);
        return;
      }
      const own = requests.latest(from, id);
      const what = `${who} cancelled the request with id ${shortened(id)}`;
      if (own === undefined) {
        const other = requests.latest(peerOf(from), id);
        const why = other === undefined ? 'which it never sent' : `but ${other.method} was sent by the other side`;
        if (!requests.forgot && seen.version !== undefined) report('cancellation/own-request', seen, `${what}, ${why}`);
        return;
      }
      const which = `${who} cancelled ${shortened(own.method)} (id ${shortened(id)})`;
      if (own.answered !== undefined) {
        const lateUs = frame.us - own.answered.endUs;
        const late = `${which}, which had been answered ${(lateUs / 1e6).toFixed(1)} s before`;
        if (isWellAfter(frame, own.answered)) report('cancellation/finished', seen, late);
      } else if (own.method === 'initialize')
        report('cancellation/initialize', { ...seen, version: seen.version ?? '2025-11-25' }, which);
      else if (isTaskAugmented(own)) report('cancellation/task', seen, which);
    };

    const settle = (seen: SeenAnswer): void => {
      const { from, frame } = seen;
      const asked = answeredRequest(seen);
      if (asked?.cancelled === undefined) return;
      const tookMs = ((frame.endUs - asked.cancelled.us) / 1000).toFixed(0);
      const what = `${WHO[from]} answered ${shortened(asked.method)} ${tookMs} ms after it had been cancelled`;
      report('cancellation/answered', seen, what);
    };

    return {
      notification: (seen) => {
        if (seen.reading.method === 'notifications/cancelled') judge(seen);
      },
      answer: settle,
    };
  },
);
