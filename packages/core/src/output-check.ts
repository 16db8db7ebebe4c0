import { type ArgumentCheck, argumentCheck } from './argument-check.ts';
import { isObject } from './json.ts';
import type { ListedTool } from './list-tools.ts';

const checks = new WeakMap<ListedTool, Promise<ArgumentCheck>>();

/**
 * Says how a result breaks the output schema of its own tool (server/tools, "Output Schema"); undefined where it does
 * not, and where there is nothing to keep: no schema, or a result that tells of a failure.
 */
export async function outputFault(tool: ListedTool, result: unknown): Promise<string | undefined> {
  const { outputSchema } = tool.value;
  if (!isObject(outputSchema) || !isObject(result) || result['isError'] === true) return undefined;
  if (result['resultType'] === 'input_required') return undefined;
  const { structuredContent } = result;
  if (structuredContent === undefined) return 'it has an output schema, and the result has no structured content';
  const check = checks.get(tool) ?? argumentCheck(outputSchema);
  checks.set(tool, check);
  const fault = (await check)(structuredContent);
  return fault && `its structured content does not fit its output schema: ${fault}`;
}
