import type { Connection } from '../connection.ts';
import { CoreError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import type { RequestOptions } from '../sdk-requests.ts';

/** What is completed: an argument of a prompt, or a variable of a resource template. */
export type Completable = { readonly prompt: string } | { readonly template: string };

/** An argument that is typed, as far as it is, and the others that are known already. */
export interface Typed {
  readonly argument: string;
  readonly start: string;
  readonly others?: Readonly<Record<string, string>>;
}

/** The values that a server proposes (server/utilities/completion), which is at most a hundred of them. */
export interface Completion {
  readonly values: readonly string[];
  /** How many there are in all, and whether there are more, as the server says. */
  readonly total?: number;
  readonly hasMore: boolean;
}

/** Asks a server for values. Throws CoreError, `NOT_OFFERED` where it completes nothing. */
export async function complete(
  connection: Connection,
  of: Completable,
  { argument, start, others = {} }: Typed,
  options: RequestOptions = {},
): Promise<Completion> {
  if (!isObject(connection.capabilities['completions']))
    throw new CoreError('NOT_OFFERED', 'The server does not offer completion');
  const ref = 'prompt' in of ? { type: 'ref/prompt', name: of.prompt } : { type: 'ref/resource', uri: of.template };
  const hasOthers = Object.keys(others).length > 0;
  const params: JsonObject = {
    ref,
    argument: { name: argument, value: start },
    ...(hasOthers && { context: { arguments: others } }),
  };
  const { value } = await connection.request('completion/complete', params, options);
  const completion = isObject(value) && isObject(value['completion']) ? value['completion'] : {};
  const { values, total, hasMore } = completion;
  return {
    values: Array.isArray(values) ? values.filter((each) => typeof each === 'string') : [],
    ...(typeof total === 'number' && { total }),
    hasMore: hasMore === true,
  };
}
