import { isObject } from '../../json-object.ts';
import { type Asked, type Family, type SeenRequest, family } from '../check.ts';
import { OpenQuestions, argumentsOf } from '../open-questions.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';
import { MAY_NEED_INPUT } from './input-required.ts';

const PAGE = 'basic/patterns/mrtr#client-requirements-basic-workflow';

/** How a client brings what a server asked for. */
export const inputRetry: Family = family(
  {
    'input/retry-id': {
      title: 'A request that brings input has an id of its own',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Count the ids up: the retry is a request like any other.',
    },
    'input/request-state': {
      title: 'A requestState goes back as it came, and only where one was given',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send the requestState of the result back unchanged; leave it out where the result had none.',
    },
    'input/other-request': {
      title: 'A requestState goes back with the request that it was given for',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Keep the requestState with its own request, also where several are under way.',
    },
    'input/all-answered': {
      title: 'A retry answers everything that was asked for',
      level: 'warning',
      versions: MODERN,
      spec: PAGE,
      fix: 'Put one answer for each key of inputRequests into inputResponses; what a person declined is an answer too.',
    },
    'input/nothing-else': {
      title: 'A retry answers only what was asked for',
      level: 'info',
      versions: MODERN,
      spec: PAGE,
      fix: 'Use the keys of inputRequests in inputResponses; servers ignore others.',
    },
  },
  (report) => {
    const open = new OpenQuestions();
    const argumentsFor = new WeakMap<Asked, string>();
    const judge = (seen: SeenRequest, args: string, inputResponses: unknown, requestState: unknown): void => {
      const { asked } = seen;
      const state = typeof requestState === 'string' ? requestState : undefined;
      const given = state === undefined ? undefined : open.givenFor(asked, state);
      const question = open.take(asked, args, state);
      const who = `The client sent ${asked.method} again`;
      if (given === 'other') report('input/other-request', seen, `${who} with the requestState of another request`);
      if (question === undefined) return;
      const first = `frame ${question.n}`;
      if (question.id === asked.id) report('input/retry-id', seen, `${who} with the id ${asked.id} of ${first}`);
      if (state === undefined && question.state !== undefined)
        report('input/request-state', seen, `${who} without the requestState that ${first} was answered with`);
      else if (state !== undefined && given === undefined)
        report('input/request-state', seen, `${who} with a requestState that ${first} was not answered with`);
      const keys = isObject(inputResponses) ? Object.keys(inputResponses) : [];
      const asks = question.keys ?? keys;
      const missing = asks.filter((key) => !keys.includes(key));
      const unknown = keys.filter((key) => !asks.includes(key));
      if (missing.length > 0) report('input/all-answered', seen, `${who} without an answer to ${listed(missing)}`);
      if (unknown.length > 0)
        report('input/nothing-else', seen, `${who} with answers that nobody asked for: ${listed(unknown)}`);
    };
    return {
      request: (seen) => {
        const { asked, from, reading, version } = seen;
        if (from !== 'client' || !isModern(version) || !MAY_NEED_INPUT.includes(asked.method)) return;
        const args = argumentsOf(reading.text);
        argumentsFor.set(asked, args);
        const { inputResponses, requestState } = isObject(reading.params) ? reading.params : {};
        if (inputResponses !== undefined || requestState !== undefined) judge(seen, args, inputResponses, requestState);
      },
      answer: ({ asked, reading, version }) => {
        if (asked?.from !== 'client' || reading.kind !== 'result' || !isModern(version)) return;
        const args = argumentsFor.get(asked);
        if (args === undefined || !isObject(reading.result)) return;
        if (reading.result['resultType'] === 'input_required') open.ask(asked, args, reading.result);
      },
    };
  },
);

function listed(keys: readonly string[]): string {
  return keys
    .slice(0, 5)
    .map((key) => `"${shortened(key)}"`)
    .join(', ');
}
