import { isObject } from '../../json-object.ts';
import { type Family, type SeenRequest, family } from '../check.ts';
import { named } from '../shortened.ts';

const PAGE = 'client/sampling';

const DEPRECATED_CONTEXTS: readonly unknown[] = ['thisServer', 'allServers'];

/** What a server may ask the client's model for. Of the modern era, which embeds it in results, there are rules of its own. */
export const sampling: Family = family(
  {
    'sampling/tools-announced': {
      title: 'A server gives the model tools only where the client announced sampling.tools',
      level: 'error',
      once: 'side',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Look for capabilities.sampling.tools in initialize, and leave tools and toolChoice out where it is missing.',
    },
    'sampling/context-announced': {
      title: 'A server asks for context only where the client announced sampling.context',
      level: 'warning',
      once: 'side',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Leave includeContext out, and put what the model has to know into the messages.',
    },
    'sampling/results-alone': {
      title: 'A message with tool results has nothing else in it',
      level: 'error',
      once: 'side',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Put texts and pictures into a message of their own, after the one with the tool results.',
    },
    'sampling/uses-answered': {
      title: 'Every use of a tool has its result in the next message',
      level: 'error',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Let a user message follow that has one tool_result for each tool_use, with the same toolUseId.',
    },
  },
  (report, { announced }) => {
    const judge = (seen: SeenRequest, params: Readonly<Record<string, unknown>>): void => {
      const lacks = (capability: string): boolean =>
        announced.has('client', 'sampling') === true && announced.has('client', capability) !== true;
      const hasTools = params['tools'] !== undefined || params['toolChoice'] !== undefined;
      if (hasTools && lacks('sampling.tools')) {
        const what = 'The server gives the model tools, and the client did not announce sampling.tools';
        report('sampling/tools-announced', seen, what);
      }
      const context = params['includeContext'];
      if (DEPRECATED_CONTEXTS.includes(context) && lacks('sampling.context')) {
        const what = `The server asks for includeContext ${named(context)}`;
        report('sampling/context-announced', seen, `${what}, and the client did not announce sampling.context`);
      }
      const messages = Array.isArray(params['messages']) ? params['messages'].map(messageOf) : [];
      if (messages.some(({ results, blocks }) => results.length > 0 && results.length < blocks))
        report('sampling/results-alone', seen, 'The server mixes tool results with other content in one message');
      if (messages.some(({ uses }, index) => uses.length > 0 && !sameIds(uses, messages[index + 1]?.results ?? [])))
        report(
          'sampling/uses-answered',
          seen,
          'The server leaves a tool_use without its tool_result in the next message',
        );
    };

    return {
      request: (seen) => {
        const { method, params } = seen.asked;
        if (method === 'sampling/createMessage' && isObject(params)) judge(seen, params);
      },
    };
  },
);

/** What counts of a message: how many blocks it has, and the ids of its tool uses and tool results. */
interface Counted {
  readonly blocks: number;
  readonly uses: readonly unknown[];
  readonly results: readonly unknown[];
}

function messageOf(message: unknown): Counted {
  const content = isObject(message) ? message['content'] : undefined;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const ids = (type: string, key: string): readonly unknown[] =>
    blocks.filter(isObject).flatMap((block) => (block['type'] === type ? [block[key]] : []));
  return { blocks: blocks.length, uses: ids('tool_use', 'id'), results: ids('tool_result', 'toolUseId') };
}

function sameIds(uses: readonly unknown[], results: readonly unknown[]): boolean {
  const [used, given] = [new Set(uses), new Set(results)];
  // An id that is no text breaks the shape of the message, which is told as such.
  if ([...used, ...given].some((id) => typeof id !== 'string')) return true;
  return used.size === given.size && [...used].every((id) => given.has(id));
}
