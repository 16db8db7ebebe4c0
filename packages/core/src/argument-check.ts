import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';

/** Says what is wrong with a call's arguments by the tool's own schema; undefined when nothing is. */
export type ArgumentCheck = (args: JsonObject) => string | undefined;

/**
 * Makes the check for one input schema. Arguments are never changed. A schema that is itself broken checks nothing:
 * the server must judge then.
 */
export async function argumentCheck(inputSchema: unknown): Promise<ArgumentCheck> {
  if (!isObject(inputSchema)) return () => undefined;
  // Loaded with the first call: the validator is the largest part of all that a session needs.
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  try {
    const validate = new AjvJsonSchemaValidator().getValidator(inputSchema);
    return (args) => {
      const outcome = validate(args);
      return outcome.valid ? undefined : outcome.errorMessage;
    };
  } catch {
    return () => undefined;
  }
}
