import type { FormIo } from '../chat/form/form-io.ts';
import { CliError } from '../exit-code.ts';
import { parseObject } from '../parse-arguments.ts';
import { indentedJson } from '../render/indented-json.ts';
import { visible } from '../render/visible.ts';

/** Shows what a server asks as it asks it, and lets the person type the results. Undefined when they give up. */
export async function answerByHand(
  server: string,
  requests: Readonly<Record<string, unknown>>,
  form: FormIo,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const keys = Object.keys(requests);
  form.say(`${visible(server)} asks:\n${indentedJson(JSON.stringify(requests))}`);
  const wanted = keys.map((key) => JSON.stringify(visible(key))).join(', ');
  for (;;) {
    const line = await form.ask(`The answers, as one JSON object with ${wanted}: `);
    if (line === undefined) return undefined;
    try {
      return parseObject(line);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      form.say(`  ${visible(error.message)}`);
    }
  }
}
