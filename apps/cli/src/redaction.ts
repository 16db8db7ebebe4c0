import { createHmac, randomBytes } from 'node:crypto';

import { isExplosive } from '@mcp-dbg/capture';
import { Redactor, type Replaced, secretsOfEnvironment } from '@mcp-dbg/capture/redact';
import type { Finding } from '@mcp-dbg/protocol/lint';

import { CliError } from './exit-code.ts';
import type { Io } from './io.ts';
import { visible } from './render/visible.ts';

/** Hex digits that stand for a secret in its placeholder: enough to tell the secrets of one capture apart. */
const DIGITS = 8;

/** Places that the summary names. */
const MAX_TOLD = 20;

/**
 * A redactor that knows the secrets of this environment and the patterns of the user. Equal secrets get equal
 * placeholders in one run, and others in the next: the key is thrown away. Throws CliError `BAD_PATTERN`.
 */
export function redactorFor(io: Io, patterns: readonly string[]): Redactor {
  const key = randomBytes(32);
  return new Redactor({
    fingerprint: (secret) => createHmac('sha256', key).update(secret).digest('hex').slice(0, DIGITS),
    secrets: secretsOfEnvironment(io.env),
    patterns: patterns.map(patternOf),
  });
}

/** What a quote that was cut ends in: a piece of something, which may be a piece of a secret. */
const CUT_END = /[^\s"',:;=&{}[\]()<>]*…$/;

/** A finding without the secrets in what it quotes. */
export function redactFinding<F extends Finding>(finding: F, redactor: Redactor): F {
  const { message, quote } = finding;
  return {
    ...finding,
    message: redactor.redactText(message),
    quote: quote === undefined ? undefined : redactor.redactText(quote).replace(CUT_END, '…'),
  };
}

/** What was replaced, for a person: how often, which kinds, where. Never a secret. Ends in a newline. */
export function redactionText(report: readonly Replaced[]): string {
  const total = report.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return 'redacted: nothing that looks like a secret was found\n';
  const rows = report.toSorted((one, other) => other.count - one.count);
  const told = rows
    .slice(0, MAX_TOLD)
    .map(({ kind, where, count }) => `  ${count} × ${visible(kind)} in ${visible(where)}`);
  const left = rows.length - told.length;
  return [
    `redacted: ${total} in ${placesText(rows.length)}`,
    ...told,
    ...(left > 0 ? [`  … ${placesText(left, 'more ')}`] : []),
    '',
  ].join('\n');
}

function placesText(count: number, more = ''): string {
  return `${count} ${more}${count === 1 ? 'place' : 'places'}`;
}

function patternOf(source: string): RegExp {
  if (isExplosive(source))
    throw new CliError(
      'BAD_PATTERN',
      `The pattern ${JSON.stringify(source)} may take without end: a group in it repeats, and repeats or chooses within; write it without that`,
    );
  try {
    return new RegExp(source, 'gu');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('BAD_PATTERN', `Cannot use ${JSON.stringify(source)} as a pattern: ${why}`);
  }
}
