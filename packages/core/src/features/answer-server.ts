import { argumentCheck } from '../argument-check.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import { orAborted } from '../or-aborted.ts';
import type { Asker, Elicitation, ElicitationAnswer, Features } from './features.ts';
import { readElicitation } from './read-elicitation.ts';
import { readSampling } from './read-sampling.ts';

/** The answer to a request of a server, in either era. */
export type ServerAnswer =
  | { readonly kind: 'result'; readonly result: JsonObject }
  /** `code` is of JSON-RPC; the modern era has no way to send it, and the call fails here. */
  | { readonly kind: 'refused'; readonly code: number; readonly message: string };

const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;
/** What the specification's example of a person's refusal uses (client/sampling, error handling). */
const REFUSED_BY_PERSON = -1;

/** Answers one request of a server by what the client can do. Never throws, and waits no longer than the server does. */
export async function answerServer(
  features: Features,
  method: string,
  params: unknown,
  asker: Asker,
): Promise<ServerAnswer> {
  try {
    return await orAborted(() => answered(features, method, params, asker), asker.signal);
  } catch (error) {
    return refused(INTERNAL_ERROR, error instanceof Error ? error.message : String(error));
  }
}

async function answered(features: Features, method: string, params: unknown, asker: Asker): Promise<ServerAnswer> {
  if (typeof features.byHand === 'function') {
    const answers = await features.byHand({ request: { method, params } }, asker);
    const result = answers?.['request'];
    return isObject(result) ? { kind: 'result', result } : refused(REFUSED_BY_PERSON, 'The person did not answer');
  }
  const { roots, sample, elicit } = features;
  switch (method) {
    case 'roots/list':
      return roots === undefined ? notOffered(method) : { kind: 'result', result: { roots: roots() } };
    case 'sampling/createMessage': {
      if (sample === undefined) return notOffered(method);
      const sampling = readSampling(params);
      if (typeof sampling === 'string') return refused(INVALID_PARAMS, sampling);
      const sampled = await sample(sampling, asker);
      if (sampled === undefined) return refused(REFUSED_BY_PERSON, 'The person did not allow this use of the model');
      const { text, model, stopReason } = sampled;
      return { kind: 'result', result: { role: 'assistant', content: { type: 'text', text }, model, stopReason } };
    }
    case 'elicitation/create': {
      if (elicit === undefined) return notOffered(method);
      const elicitation = readElicitation(params);
      if (typeof elicitation === 'string') return refused(INVALID_PARAMS, elicitation);
      return await checked(elicitation, await elicit(elicitation, asker));
    }
    default:
      return notOffered(method);
  }
}

/** What the person gave must fit what was asked for, whoever made the form. */
async function checked(elicitation: Elicitation, answer: ElicitationAnswer): Promise<ServerAnswer> {
  const { action } = answer;
  if (action !== 'accept' || elicitation.mode === 'url') return { kind: 'result', result: { action } };
  const content = answer.content ?? {};
  const fault = (await argumentCheck(elicitation.schema))(content);
  if (fault !== undefined) return refused(INTERNAL_ERROR, `The answer does not fit what was asked for: ${fault}`);
  return { kind: 'result', result: { action, content } };
}

function notOffered(method: string): ServerAnswer {
  return refused(METHOD_NOT_FOUND, `This client did not offer ${method}`);
}

function refused(code: number, message: string): ServerAnswer {
  return { kind: 'refused', code, message };
}
