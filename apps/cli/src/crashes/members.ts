import { CliError } from '../exit-code.ts';

/**
 * The members of a JSON object of a crash report that anybody may have written. What is not as it must be is a CliError
 * `NOT_A_CRASH` that says where.
 */
export class Members {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /** Those of a text; undefined where it is no JSON object. */
  static parse(text: string): Members | undefined {
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? new Members(value, '') : undefined;
    } catch {
      return undefined;
    }
  }

  private constructor(members: Readonly<Record<string, unknown>>, at: string) {
    this.#members = members;
    this.#at = at;
  }

  any(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  text(name: string): string {
    const value = this.any(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a text');
  }

  texts(name: string): readonly string[] {
    const value = this.any(name);
    return isTexts(value) ? value : this.#refuse(name, 'a list of texts');
  }

  textOrNull(name: string): string | null {
    return this.nullOr(name, () => this.text(name));
  }

  /** A number that is finite. */
  number(name: string): number {
    const value = this.any(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#refuse(name, 'a number');
  }

  /** A whole number from 0 on. */
  count(name: string): number {
    const value = this.number(name);
    return Number.isSafeInteger(value) && value >= 0 ? value : this.#refuse(name, 'a whole number');
  }

  flag(name: string): boolean {
    const value = this.any(name);
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.any(name);
    return words.find((word) => word === value) ?? this.#refuse(name, words.join(' or '));
  }

  nullOr<Value>(name: string, read: () => Value): Value | null {
    return this.any(name) === null ? null : read();
  }

  object(name: string): Members {
    const value = this.any(name);
    return isObject(value) ? new Members(value, `${this.#at}${name}.`) : this.#refuse(name, 'an object');
  }

  objects(name: string): readonly Members[] {
    const value: unknown = this.any(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.map((each: unknown, index) =>
      isObject(each)
        ? new Members(each, `${this.#at}${name}[${index}].`)
        : this.#refuse(`${name}[${index}]`, 'an object'),
    );
  }

  #refuse(name: string, wanted: string): never {
    throw new CliError('NOT_A_CRASH', `it is a broken crash report: "${this.#at}${name}" must be ${wanted}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
