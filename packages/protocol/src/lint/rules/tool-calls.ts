import { isObject } from '../../json-object.ts';
import { type Asked, type Family, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { schemaFaults } from '../json-schema/schema-faults.ts';
import { faultWords } from '../json-schema/verdict.ts';
import { named } from '../shortened.ts';
import { ALL, since } from '../rule.ts';
import { calledTool } from '../tool-catalogue.ts';

/** How the tools begin that mcp-dbg gives clients beside those of a server, which does not list them. */
const OURS = 'mcpdbg_';
const PAGE = 'server/tools';

/** Whether calls are what the lists of tools ask for, and how the server refuses those that are not. */
export const toolCalls: Family = family(
  {
    'tools/arguments': {
      title: 'The arguments of a call fit the inputSchema of the tool',
      level: 'warning',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Check arguments by the schema before the call, and let the model correct them.',
    },
    'tools/unknown-tool': {
      title: 'A tool that is called is one of the list',
      level: 'warning',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Call tools by the names of tools/list, as they are written there.',
    },
    'tools/unknown-tool-error': {
      title: 'The call of a tool that does not exist is answered with the error -32602',
      level: 'warning',
      once: 'side',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Answer {"code":-32602,"message":"Unknown tool: …"}: isError is for tools that ran.',
    },
    'tools/invalid-arguments-error': {
      title: 'Arguments that do not fit are answered with "isError": true',
      level: 'warning',
      once: 'side',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Return a result with isError and a text that says what to correct: a model reads that, and not an error.',
    },
  },
  (report, { tools: catalogue }) => {
    /** Calls that were found wrong, so that the answer is judged by what they were. */
    const wrong = new WeakMap<Asked, 'unknown' | 'misfit'>();
    const checkCall = (seen: SeenRequest): void => {
      const { asked } = seen;
      const name = calledTool(asked);
      if (name === undefined) return;
      if (catalogue.isWhole && !catalogue.has(name) && !name.startsWith(OURS)) {
        wrong.set(asked, 'unknown');
        const like = likeName(name, catalogue.names);
        const hint = like === undefined ? '' : `; there is ${named(like)}`;
        report('tools/unknown-tool', seen, `The client called ${named(name)}, which no list of tools has${hint}`, {
          about: name,
        });
      }
      const schema = catalogue.get(name)?.['inputSchema'];
      const args = isObject(asked.params) ? (asked.params['arguments'] ?? {}) : {};
      // Arguments that are no object, and schemas of something else, have rules of their own.
      const isJudged = isObject(schema) && schema['type'] === 'object' && isObject(args);
      const faults = isJudged ? schemaFaults(schema, args) : [];
      if (faults.length === 0) return;
      wrong.set(asked, 'misfit');
      const what = faultWords(faults);
      const misfit = `The client called ${named(name)} with arguments that do not fit: ${what}`;
      report('tools/arguments', seen, misfit, { about: `${name} ${what}` });
    };
    const checkAnswer = (seen: SeenAnswer, asked: Asked, name: string): void => {
      const { reading } = seen;
      const what = `The server answered the call of ${named(name)}`;
      const isError = reading.kind === 'result' && isObject(reading.result) && reading.result['isError'] === true;
      if (isError && wrong.get(asked) === 'unknown')
        report('tools/unknown-tool-error', seen, `${what}, which it does not list, with isError`, { about: name });
      const code = reading.kind === 'error' && isObject(reading.error) ? reading.error['code'] : undefined;
      if (code === -32602 && wrong.get(asked) === 'misfit')
        report('tools/invalid-arguments-error', seen, `${what} with arguments that do not fit with the error -32602`, {
          about: name,
        });
    };
    return {
      request: (seen) => checkCall(seen),
      answer: (seen) => {
        const name = seen.asked && calledTool(seen.asked);
        if (seen.asked !== undefined && name !== undefined) checkAnswer(seen, seen.asked, name);
      },
    };
  },
);

/** A name that differs in nothing but case and signs. */
function likeName(name: string, names: Iterable<string>): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (plain(name) === '') return undefined;
  for (const each of names) if (plain(each) === plain(name)) return each;
  return undefined;
}
