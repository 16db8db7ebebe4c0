import { isObject } from '../../json-object.ts';
import { type Asked, type Family, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { type SchemaFault, schemaFaults } from '../json-schema/schema-faults.ts';
import { shownName } from '../listed-tools.ts';
import { ALL, since } from '../rule.ts';
import { Told } from '../told.ts';
import { ToolCatalogue, type ToolDefinition } from '../tool-catalogue.ts';

const PAGE = 'server/tools';

/** Whether calls and results are what the lists of tools promise. */
export const toolCalls: Family = family(
  {
    'tools/arguments': {
      title: 'The arguments of a call fit the inputSchema of the tool',
      level: 'warning',
      versions: ALL,
      spec: PAGE,
      fix: 'Check arguments by the schema before the call, and let the model correct them.',
    },
    'tools/unknown-tool': {
      title: 'A tool that is called is one of the list',
      level: 'warning',
      versions: ALL,
      spec: PAGE,
      fix: 'Call tools by the names of tools/list, as they are written there.',
    },
    'tools/unknown-tool-error': {
      title: 'The call of a tool that does not exist is answered with the error -32602',
      level: 'warning',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Answer {"code":-32602,"message":"Unknown tool: …"}: isError is for tools that ran.',
    },
    'tools/invalid-arguments-error': {
      title: 'Arguments that do not fit are answered with "isError": true',
      level: 'warning',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Return a result with isError and a text that says what to correct: a model reads that, and not an error.',
    },
    'tools/structured-content': {
      title: 'A tool with an outputSchema gives structuredContent',
      level: 'error',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return structuredContent with every result that is no error, or leave the outputSchema out.',
      clients: 'The TypeScript SDKs throw, and the result is lost.',
    },
    'tools/structured-fits': {
      title: 'The structuredContent of a result fits the outputSchema of its tool',
      level: 'error',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return what the schema says, or correct the schema.',
      clients: 'The TypeScript SDKs throw, and the result is lost.',
    },
    'tools/structured-text': {
      title: 'Beside structuredContent there is a text with the same in it',
      level: 'warning',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return the JSON as a text block, too: many clients give only the content to their model.',
    },
  },
  (report) => {
    const catalogue = new ToolCatalogue();
    const told = new Told();
    /** Calls that were found wrong, so that the answer is judged by what they were. */
    const wrong = new WeakMap<Asked, 'unknown' | 'misfit'>();
    const checkCall = (seen: SeenRequest): void => {
      const { asked } = seen;
      const name = calledTool(asked);
      if (name === undefined) return;
      if (catalogue.isWhole && !catalogue.has(name)) {
        wrong.set(asked, 'unknown');
        const like = likeName(name, catalogue.names);
        const hint = like === undefined ? '' : `; there is ${shownName(like)}`;
        report('tools/unknown-tool', seen, `The client called ${shownName(name)}, which no list of tools has${hint}`);
      }
      const schema = catalogue.get(name)?.['inputSchema'];
      const args = isObject(asked.params) ? (asked.params['arguments'] ?? {}) : {};
      const faults = schema === undefined ? [] : schemaFaults(schema, args);
      if (faults.length === 0) return;
      wrong.set(asked, 'misfit');
      report(
        'tools/arguments',
        seen,
        `The client called ${shownName(name)} with arguments that do not fit: ${words(faults)}`,
      );
    };
    const checkResult = (seen: SeenAnswer, asked: Asked, name: string, result: ToolDefinition): void => {
      if (result['isError'] === true) {
        if (wrong.get(asked) === 'unknown')
          report(
            'tools/unknown-tool-error',
            seen,
            `The server answered the call of ${shownName(name)}, which it does not list, with isError`,
          );
        return;
      }
      if (!isComplete(result)) return;
      const { structuredContent, content } = result;
      const schema = catalogue.get(name)?.['outputSchema'];
      if (structuredContent === undefined) {
        if (isObject(schema))
          report('tools/structured-content', seen, `The server answered ${shownName(name)} without structuredContent`);
        return;
      }
      const faults = isObject(schema) ? schemaFaults(schema, structuredContent) : [];
      if (faults.length > 0)
        report(
          'tools/structured-fits',
          seen,
          `The server answered ${shownName(name)} with structuredContent that does not fit: ${words(faults)}`,
        );
      if (Array.isArray(content) && !content.some(isText) && told.isNew(name))
        report(
          'tools/structured-text',
          seen,
          `The server answered ${shownName(name)} with structuredContent and no text`,
        );
    };
    return {
      notification: (seen) => catalogue.notification(seen),
      request: (seen) => checkCall(seen),
      answer: (seen) => {
        catalogue.answer(seen);
        const { asked, reading } = seen;
        const name = asked && calledTool(asked);
        if (asked === undefined || name === undefined) return;
        if (reading.kind === 'result' && isObject(reading.result)) checkResult(seen, asked, name, reading.result);
        const code = reading.kind === 'error' && isObject(reading.error) ? reading.error['code'] : undefined;
        if (code === -32602 && wrong.get(asked) === 'misfit')
          report(
            'tools/invalid-arguments-error',
            seen,
            `The server answered the arguments of ${shownName(name)} with the error -32602`,
          );
      },
    };
  },
);

function calledTool({ method, params }: Asked): string | undefined {
  const name = method === 'tools/call' && isObject(params) ? params['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** A result that asks for input, or for patience, has no output yet. */
function isComplete({ resultType, task }: ToolDefinition): boolean {
  return (resultType === undefined || resultType === 'complete') && task === undefined;
}

function isText(block: unknown): boolean {
  return isObject(block) && block['type'] === 'text';
}

/** A name that differs in nothing but case and signs. */
function likeName(name: string, names: Iterable<string>): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  for (const each of names) if (plain(each) === plain(name)) return each;
  return undefined;
}

function words(faults: readonly SchemaFault[]): string {
  const [first, second] = faults.map(({ path, what }) => `${path === '' ? 'the whole' : path.slice(0, 120)} ${what}`);
  return second === undefined ? `${first}` : `${first}, ${second}${faults.length > 2 ? ', …' : ''}`;
}
