import { nearestWord } from '@mcp-dbg/capture';
import type { JsonObject } from '@mcp-dbg/core';

import { visible } from '../../render/visible.ts';
import { propertiesOf, requiredOf, resolveSchema } from '../../schema/resolve-schema.ts';
import { askField } from './ask-field.ts';
import { fieldOf } from './field.ts';
import type { FormIo } from './form-io.ts';
import { oneLine } from './one-line.ts';
import { type Outcome, wordsFor } from './question.ts';

/** Names that one question lists. */
const MAX_LISTED = 20;

/**
 * Completes `given` by asking for what the schema requires and `given` lacks, in the order of the schema, and by
 * offering then what is optional. Where nothing required is missing nothing is asked, unless what is optional is `always`
 * offered. `given` itself is taken as it is. Undefined when the person gives up. With `optional` left out only what is
 * required is asked for.
 */
export async function fillForm(
  inputSchema: unknown,
  given: JsonObject,
  io: FormIo,
  optional: 'offered' | 'left-out' | 'always' = 'offered',
): Promise<JsonObject | undefined> {
  const form = new Form(inputSchema, given, io);
  const missing = form.missing;
  if (missing.length === 0 && optional !== 'always') return given;
  for (const name of missing) {
    const outcome = await form.ask(name, true);
    if (outcome.kind === 'given-up') return undefined;
  }
  return optional === 'left-out' || (await form.offer()) ? form.values : undefined;
}

class Form {
  readonly values: JsonObject;
  readonly #root: unknown;
  readonly #io: FormIo;
  readonly #properties: ReadonlyMap<string, unknown>;
  readonly #required: readonly string[];

  constructor(inputSchema: unknown, given: JsonObject, io: FormIo) {
    const told = resolveSchema(inputSchema, inputSchema);
    this.values = { ...given };
    this.#root = inputSchema;
    this.#io = io;
    this.#properties = propertiesOf(told);
    this.#required = requiredOf(told);
  }

  get missing(): readonly string[] {
    return this.#required.filter((name) => !Object.hasOwn(this.values, name));
  }

  async ask(name: string, isRequired: boolean): Promise<Outcome> {
    const field = fieldOf(name, this.#properties.get(name), this.#root);
    const outcome = await askField({ field, isRequired, root: this.#root, io: this.#io });
    // Not by assignment: a server may call a value `__proto__`.
    if (outcome.kind === 'value')
      Object.defineProperty(this.values, name, { value: outcome.value, enumerable: true, configurable: true });
    return outcome;
  }

  /** Offers what is optional until the person goes on; false when they give up. */
  async offer(): Promise<boolean> {
    for (;;) {
      const names = this.#optional;
      if (names.length === 0) return true;
      const more = names.length > MAX_LISTED ? `, and ${names.length - MAX_LISTED} more` : '';
      const listed = `${names
        .slice(0, MAX_LISTED)
        .map((name) => oneLine(name, 60))
        .join(', ')}${more}`;
      const line = await this.#io.ask(`  Optional: ${listed} — name one to set it, Enter to go on: `, (typed) =>
        wordsFor(typed, names),
      );
      const name = line?.trim();
      if (name === undefined) return false;
      if (name === '') return true;
      if (names.includes(name)) {
        if ((await this.ask(name, false)).kind === 'given-up') return false;
        continue;
      }
      const near = nearestWord(name, names);
      this.#io.say(`  There is no ${oneLine(name, 60)} to set${near === undefined ? '' : `; did you mean ${near}?`}`);
    }
  }

  /** What can be named and typed. What has hidden characters in its name can only be given as JSON. */
  get #optional(): readonly string[] {
    return [...this.#properties.keys()].filter(
      (name) =>
        !Object.hasOwn(this.values, name) &&
        !this.#required.includes(name) &&
        name === name.trim() &&
        name !== '' &&
        visible(name) === name,
    );
  }
}
