import { methodNamed } from '@mcp-dbg/protocol';

import { MIN_SECRET_LENGTH, type NamedSecret } from './rules.ts';
import { secretKind } from './secret-names.ts';
import { URL_LOGIN } from './secret-shapes.ts';

/**
 * Chooses the variables whose values are secrets: those with a secret's name, and the passwords in URLs of any other.
 * Values that are too short, paths, switches, numbers and words that everybody uses are left out: to replace them
 * everywhere would hide what they mean elsewhere, and where a secret's name stands beside them they are found anyway.
 */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): readonly NamedSecret[] {
  return Object.entries(env).flatMap(([name, value]): NamedSecret[] => {
    if (value === undefined) return [];
    const secret = secretKind(name) === undefined ? passwordOf(value) : value.trim();
    return secret !== undefined && isTelling(secret) ? [{ name, value: secret }] : [];
  });
}

function passwordOf(url: string): string | undefined {
  URL_LOGIN.lastIndex = 0;
  const login = URL_LOGIN.exec(url)?.[0];
  const colon = login?.indexOf(':') ?? -1;
  return colon === -1 ? undefined : login?.slice(colon + 1);
}

function isTelling(value: string): boolean {
  if (value.length < MIN_SECRET_LENGTH || /^(?:\/[\w.-]+){2}|^~\/|^[A-Z]:\\|^\*+$/.test(value)) return false;
  if (/^[a-z]+$/i.test(value) && secretKind(value) !== undefined) return false;
  return !COMMON.has(value.toLowerCase()) && methodNamed(value) === undefined;
}

const COMMON: ReadonlySet<string> = new Set(
  'default disabled enabled example localhost postgres production development required optional undefined'.split(' '),
);
