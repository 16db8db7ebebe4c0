import { fromByteText } from './byte-text.ts';
import { withoutPlaceholders } from './find.ts';
import { type SecretName, secretName } from './secret-names.ts';

/** Under which names a value stands that somebody called a secret. */
interface Secrecy {
  readonly name: SecretName;
  /** Whether the names are those of a JSON Schema, which describes a secret and seldom holds one. */
  readonly isSchema: boolean;
}

/** An object or an array that is open. */
export interface Frame {
  readonly isObject: boolean;
  /** The key of the member that is read; in an array, the key that the array stands under. */
  key: string;
  /** What shows of it in a path, as one-byte characters; undefined where it holds a secret. */
  shown: string | undefined;
  /** What the member's key says by itself. */
  name: SecretName | undefined;
  /** What the names outside say. */
  readonly secrecy: Secrecy | undefined;
  /** Whether the keys are names that a schema describes. */
  readonly isSchemaMap: boolean;
  /** Whether it is an array in an array. */
  readonly isRow: boolean;
  /** How many values were before. */
  index: number;
  /** In `{"name":"API_KEY","value":"…"}`: what the name says, and where the value is; in an array, what an option takes. */
  named: string | undefined;
  /** In `["API_KEY","…"]`, what the name says. */
  rowName: string | undefined;
  value: { readonly start: number; readonly end: number } | undefined;
}

/** Deeper JSON is searched as plain text. */
const MAX_DEPTH = 100_000;
/** How many of the innermost keys a path shows, and how much of each. */
const MAX_PATH_KEYS = 8;
const MAX_KEY_LENGTH = 40;

/** Where in a JSON text the reading is. */
export class JsonPlace {
  readonly #frames: Frame[] = [];
  /** What stands before the path: the path of the string that holds this JSON. */
  readonly #before: string;
  /** What a name before this JSON makes of it. */
  readonly #name: SecretName | undefined;

  constructor(before: string, name?: SecretName) {
    this.#before = before;
    this.#name = name;
  }

  get depth(): number {
    return this.#frames.length;
  }

  get frame(): Frame | undefined {
    return this.#frames.at(-1);
  }

  /** False where it goes too deep. */
  enter(isObject: boolean): boolean {
    const { frame } = this;
    this.#frames.push({
      isObject,
      key: frame?.key ?? '',
      shown: '',
      name: undefined,
      secrecy: intoValue(frame === undefined ? this.#outside : secrecyInside(frame), isObject),
      isSchemaMap: isObject && frame?.isObject === true && SCHEMA_MAPS.has(frame.key),
      isRow: !isObject && frame?.isObject === false,
      index: 0,
      named: undefined,
      rowName: undefined,
      value: undefined,
    });
    return this.#frames.length <= MAX_DEPTH;
  }

  get #outside(): Secrecy | undefined {
    return this.#name === undefined ? undefined : { name: this.#name, isSchema: false };
  }

  leave(): void {
    this.#frames.pop();
  }

  nextKey(key: string, holdsSecret: boolean): void {
    const { frame } = this;
    if (frame === undefined) return;
    frame.key = key;
    frame.shown = holdsSecret ? undefined : key.slice(0, 4 * MAX_KEY_LENGTH);
    frame.name = nameInside(secretName(withoutPlaceholders(key)), frame.secrecy);
  }

  /** Whether the value is this member of a JSON-RPC message, alone or in a batch. */
  isMessageMember(key: string): boolean {
    const depth = this.#frames.length;
    return this.frame?.isObject === true && this.frame.key === key && (depth === 1 || this.#isInBatch(depth));
  }

  #isInBatch(depth: number): boolean {
    return depth === 2 && this.#frames[0]?.isObject === false;
  }

  /** Such as `params.arguments.env[].api_key`; of a long path its end. */
  get path(): string {
    const last = this.#frames.slice(-MAX_PATH_KEYS);
    let path = last.length < this.#frames.length ? '…' : '';
    for (const { isObject, shown } of last) path += isObject ? `${path === '' ? '' : '.'}${shownKey(shown)}` : '[]';
    return [this.#before, path].filter((part) => part !== '').join(' > ');
  }
}

function shownKey(key: string | undefined): string {
  return key === undefined ? '…' : fromByteText(key).slice(0, MAX_KEY_LENGTH);
}

/** What the names make of a scalar; undefined where they say nothing. */
export function nameOfLeaf(frame: Frame, hasText: boolean): SecretName | undefined {
  // `"properties":{"token":true}` allows a token.
  if (frame.isObject && frame.name !== undefined) return frame.isSchemaMap && !hasText ? undefined : frame.name;
  if (frame.secrecy === undefined) return undefined;
  return frame.secrecy.isSchema && SCHEMA_KEYWORDS.has(frame.key) ? undefined : frame.secrecy.name;
}

/** Where all is secret, each name is one of a secret. */
function nameInside(name: SecretName | undefined, outside: Secrecy | undefined): SecretName | undefined {
  return name !== undefined && outside?.name.holds === 'anything' ? { ...name, holds: 'anything' } : name;
}

function secrecyInside(frame: Frame): Secrecy | undefined {
  if (!frame.isObject || frame.name === undefined) return frame.secrecy;
  return { name: frame.name, isSchema: frame.isSchemaMap || frame.secrecy?.isSchema === true };
}

/** A name of which only some values are secret says nothing of the members of an object, but for a schema. */
function intoValue(secrecy: Secrecy | undefined, isObject: boolean): Secrecy | undefined {
  return isObject && secrecy?.name.holds !== 'anything' && secrecy?.isSchema !== true ? undefined : secrecy;
}

/** Keywords whose members are schemas under names that somebody chose. */
const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/** Keywords that only describe: `default`, `const` and `examples` show a value, and are not among them. */
const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set(
  `$anchor $comment $dynamicAnchor $dynamicRef $id $ref $schema additionalItems additionalProperties allOf anyOf
  contains contentEncoding contentMediaType contentSchema dependentRequired deprecated description else enum enumNames
  exclusiveMaximum exclusiveMinimum format if items maxContains maxItems maxLength maxProperties maximum minContains
  minItems minLength minProperties minimum multipleOf not nullable oneOf pattern prefixItems propertyNames readOnly
  required then title type unevaluatedItems unevaluatedProperties uniqueItems writeOnly`.split(/\s+/),
);
