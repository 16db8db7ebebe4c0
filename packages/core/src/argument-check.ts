import { isObject } from './json.ts';
import { withinTime } from './within-time.ts';

/** How long one check may take (milliseconds). Most take less than one; a pattern may be made to never end. */
const MAX_MS = 1000;

/** Says what is wrong with a call's arguments, or another value, by its schema; undefined when nothing is. */
export type ArgumentCheck = (args: unknown) => string | undefined;

/**
 * Makes the check for one input schema. Arguments are never changed. A schema that is itself broken checks nothing, and
 * neither does one whose check took too long once: the server must judge then.
 */
export async function argumentCheck(inputSchema: unknown): Promise<ArgumentCheck> {
  if (!isObject(inputSchema)) return () => undefined;
  // Loaded with the first call: the validator is the largest part of all that a session needs.
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  try {
    const validate = new AjvJsonSchemaValidator().getValidator(inputSchema);
    let isQuick = true;
    return (args) => {
      const outcome = isQuick ? withinTime(() => validate(args), MAX_MS) : undefined;
      isQuick = outcome !== undefined;
      return outcome?.value.errorMessage;
    };
  } catch {
    return () => undefined;
  }
}
