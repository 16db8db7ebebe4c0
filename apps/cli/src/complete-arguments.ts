import type { JsonObject } from '@mcp-dbg/core';

import { argumentsFault } from './arguments/arguments-fault.ts';
import { oneLine } from './chat/form/one-line.ts';
import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import type { OpenServer } from './open-server.ts';
import { propertiesOf, requiredOf, resolveSchema } from './schema/resolve-schema.ts';
import { typesOf } from './schema/types-of.ts';
import { canAsk } from './terminal/can-ask.ts';

/** What the arguments are for: the name of a tool or a prompt, and the schema that they have to fit. */
export interface Wanting {
  readonly name: string;
  readonly inputSchema: unknown;
}

/**
 * Completes arguments by asking the person for what is required and missing, and for that alone. Throws CliError
 * `BAD_ARGUMENTS` where one does not fit, or where something is missing and nobody can be asked, with all that is
 * missing in one sentence.
 */
export async function completeArguments(
  io: Io,
  { name, inputSchema }: Wanting,
  given: JsonObject,
  { signal, waiting }: OpenServer,
  json: boolean,
): Promise<JsonObject> {
  const fault = await argumentsFault(given, inputSchema);
  if (fault !== undefined) throw new CliError('BAD_ARGUMENTS', `Nothing was sent: ${fault}`);
  const told = resolveSchema(inputSchema, inputSchema);
  const missing = requiredOf(told).filter((each) => !Object.hasOwn(given, each));
  if (missing.length === 0) return given;
  if (!canAsk(io, json)) {
    const properties = propertiesOf(told);
    const each = missing.map((key) => {
      const types = typesOf(properties.get(key), inputSchema);
      return `${oneLine(key, 60)}${types.length === 0 ? '' : ` (${oneLine(types.join('|'), 60)})`}`;
    });
    const words = missing.map((key) => `${oneLine(key, 60)}=…`).join(' ');
    const also = Object.keys(given).length === 0 ? '' : 'also ';
    throw new CliError('BAD_ARGUMENTS', `${oneLine(name, 60)} ${also}needs ${each.join(', ')}; give ${words}`);
  }
  waiting(undefined);
  const [{ askPerson }, { fillForm }] = await Promise.all([
    import('./ask-person.ts'),
    import('./chat/form/fill-form.ts'),
  ]);
  const filled = await askPerson(io, signal, async (form) => await fillForm(inputSchema, given, form, 'left-out'));
  if (filled === undefined) throw new CliError('INTERRUPTED', `${oneLine(name, 60)} was not asked for`);
  return filled;
}
