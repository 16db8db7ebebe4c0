import { joined } from '../joined.ts';
import { byteText, bytesOf, fromByteText, toByteText } from './byte-text.ts';
import { findSecrets } from './find-secrets.ts';
import { type Find, replaceFinds } from './find.ts';
import { hideInArgv } from './hide-in-argv.ts';
import { RedactionReport, type Replaced } from './redaction-report.ts';
import { type NamedSecret, type Rules, makeRules } from './rules.ts';

export interface RedactorOptions {
  /**
   * Stands for a secret in its placeholder: 4 to 64 small hex digits, equal for equal secrets and for nothing else that
   * is likely, from which nobody finds the secret: an HMAC with a key that is thrown away.
   */
  readonly fingerprint: (secret: string) => string;
  /** Secrets that are known by value, as {@link secretsOfEnvironment} chooses them; shorter ones than 6 characters are left out. */
  readonly secrets?: readonly NamedSecret[];
  /** What else is a secret. They are tried on plain text and on the strings of JSON; how long one takes is its own matter. */
  readonly patterns?: readonly RegExp[];
}

/** Bytes that take the place of a secret. */
export interface Replacement {
  /** Where the secret starts in what was searched. */
  readonly start: number;
  /** Where it ends (exclusive). */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The kinds of so many secrets are remembered; a later one is called what it was found as. */
const MAX_KINDS = 100_000;

/**
 * Replaces secrets by placeholders, `«redacted:KIND:xxxx»`, and leaves every other byte as it is. A secret is what stands
 * under a secret's name (in JSON, in JSON within its strings, in plain text), what has the shape of a key, and what it
 * was told. Equal secrets get equal placeholders, wherever they stand. JSON stays JSON with the same keys; names never
 * change JSON-RPC's `id`, `method` and `progressToken`, so exchanges stay paired; `requestState` changes as a whole or
 * not at all. Redacting twice changes nothing more. Takes time in proportion to the text, whatever it is.
 */
export class Redactor {
  readonly #rules: Rules;
  readonly #fingerprint: (secret: string) => string;
  /** By fingerprint: the first kind a secret was found as, so that it has one name everywhere. */
  readonly #kinds = new Map<string, string>();
  readonly #report = new RedactionReport();

  constructor({ fingerprint, secrets = [], patterns = [] }: RedactorOptions) {
    this.#fingerprint = fingerprint;
    this.#rules = makeRules(secrets, patterns);
    for (const { secret, kind } of this.#rules.literals) this.#kindOf(fingerprint(fromByteText(secret)), kind);
  }

  /** Redacts one line of the wire or of stderr, with its newline or without; the same object where nothing is secret. */
  redactLine(bytes: Uint8Array): Uint8Array {
    const replacements = this.replacements(bytes);
    return replacements.length === 0 ? bytes : splice(bytes, replacements);
  }

  /** What {@link Redactor.redactLine} replaces in a line, in order and apart from each other. Counts as done. */
  replacements(bytes: Uint8Array): readonly Replacement[] {
    return findSecrets(byteText(bytes), this.#rules).map((find) => ({
      start: find.start,
      end: find.end,
      bytes: bytesOf(this.#placeholder(find)),
    }));
  }

  /** Where secrets stand in a line that is not redacted itself; nothing is counted. */
  secretsIn(bytes: Uint8Array): readonly Pick<Replacement, 'start' | 'end'>[] {
    return findSecrets(byteText(bytes), this.#rules);
  }

  /** Replaces all of a line, of which it cannot be known whether it holds a secret. */
  replaceWhole(bytes: Uint8Array, kind: string): Uint8Array {
    return bytesOf(this.#placeholder({ kind, secret: byteText(bytes), where: 'text', quote: '' }));
  }

  /** Redacts a label, a note, a word of a command line; the same text where nothing is secret. */
  redactText(text: string): string {
    const bytes = toByteText(text);
    return replaceFinds(text, bytes, findSecrets(bytes, this.#rules), (find) => this.#placeholder(find));
  }

  /** Redacts a command line, in which the value of an option is a word of its own. */
  redactArgv(argv: readonly string[]): readonly string[] {
    return hideInArgv(argv, this.#rules, (find) => this.#placeholder(find));
  }

  /** What was replaced so far, by kind and place. */
  report(): readonly Replaced[] {
    return this.#report.rows;
  }

  #placeholder({ kind, secret, where, quote }: Omit<Find, 'start' | 'end'>): string {
    const fingerprint = this.#fingerprint(fromByteText(secret));
    const known = this.#kindOf(fingerprint, kind);
    this.#report.add(known, where);
    return `${quote}${toByteText(`«redacted:${known}:${fingerprint}»`)}${quote}`;
  }

  #kindOf(fingerprint: string, kind: string): string {
    const known = this.#kinds.get(fingerprint);
    if (known !== undefined) return known;
    if (this.#kinds.size < MAX_KINDS) this.#kinds.set(fingerprint, kind);
    return kind;
  }
}

function splice(bytes: Uint8Array, replacements: readonly Replacement[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, bytes: put } of replacements) {
    pieces.push(bytes.subarray(at, start), put);
    at = end;
  }
  return joined([...pieces, bytes.subarray(at)]);
}
