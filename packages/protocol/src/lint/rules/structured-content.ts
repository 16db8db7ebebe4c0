import { isObject } from '../../json-object.ts';
import { type Asked, type Family, type SeenAnswer, family } from '../check.ts';
import { schemaFaults } from '../json-schema/schema-faults.ts';
import { faultWords } from '../json-schema/verdict.ts';
import { named } from '../shortened.ts';
import { since } from '../rule.ts';
import { type ToolDefinition, calledTool } from '../tool-catalogue.ts';

const PAGE = 'server/tools';

/** Whether results have the structured content that the list of tools promised. */
export const structuredContent: Family = family(
  {
    'tools/structured-content': {
      title: 'A tool with an outputSchema gives structuredContent',
      level: 'error',
      once: 'side',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return structuredContent with every result that is no error, or leave the outputSchema out.',
      clients: 'The TypeScript SDKs throw, and the result is lost.',
    },
    'tools/structured-fits': {
      title: 'The structuredContent of a result fits the outputSchema of its tool',
      level: 'error',
      once: 'side',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return what the schema says, or correct the schema.',
      clients: 'The TypeScript SDKs throw, and the result is lost.',
    },
    'tools/structured-text': {
      title: 'Beside structuredContent there is a text with the same in it',
      level: 'warning',
      once: 'side',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Return the JSON as a text block, too: many clients give only the content to their model.',
    },
  },
  (report, { tools: catalogue }) => {
    /** What a tool was when it was called: a server may change it before it answers. */
    const called = new WeakMap<Asked, ToolDefinition>();
    const checkResult = (seen: SeenAnswer, name: string, result: ToolDefinition, outputSchema: unknown): void => {
      const { structuredContent: structured, content } = result;
      const what = `The server answered ${named(name)}`;
      if (structured === undefined) {
        if (isObject(outputSchema))
          report('tools/structured-content', seen, `${what} without structuredContent`, { about: name });
        return;
      }
      const faults = isObject(outputSchema) ? schemaFaults(outputSchema, structured) : [];
      if (faults.length > 0)
        report(
          'tools/structured-fits',
          seen,
          `${what} with structuredContent that does not fit: ${faultWords(faults)}`,
          { about: `${name} ${faultWords(faults)}` },
        );
      if (Array.isArray(content) && !content.some(isText))
        report('tools/structured-text', seen, `${what} with structuredContent and no text`, { about: name });
    };
    return {
      request: ({ asked }) => {
        const definition = catalogue.get(calledTool(asked) ?? '');
        if (definition !== undefined) called.set(asked, definition);
      },
      answer: (seen) => {
        const { asked, reading } = seen;
        const name = asked && calledTool(asked);
        if (asked === undefined || name === undefined || reading.kind !== 'result') return;
        if (!isObject(reading.result) || !hasOutput(reading.result)) return;
        const definition = called.get(asked);
        const isStill = definition !== undefined && definition === catalogue.get(name);
        checkResult(seen, name, reading.result, isStill ? definition['outputSchema'] : undefined);
      },
    };
  },
);

/** A result that is an error, or asks for input or for patience, has no output. */
function hasOutput({ isError, resultType, task }: ToolDefinition): boolean {
  return isError !== true && (resultType === undefined || resultType === 'complete') && task === undefined;
}

function isText(block: unknown): boolean {
  return isObject(block) && block['type'] === 'text';
}
