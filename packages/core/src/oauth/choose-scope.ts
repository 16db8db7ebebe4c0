import { computeScopeUnion } from '@modelcontextprotocol/client';

/** What is known of the scopes when tokens are to be asked for. */
export interface ScopeSources {
  /** What the person said. */
  readonly given?: string | undefined;
  /** What the server's challenge named. */
  readonly challenged?: string | undefined;
  /** What was granted before, where only more is wanted. */
  readonly granted?: string | undefined;
  /** What the server's metadata say that it knows. */
  readonly ofResource?: readonly string[] | undefined;
  /** What the authorization server's metadata say that it knows. */
  readonly ofIssuer?: readonly string[] | undefined;
}

/** The scope that lets a session outlive its first token (OpenID Connect Core, 11). */
const OFFLINE = 'offline_access';

/**
 * The scopes to ask for: what the person said, else what the challenge named, else all that the server knows
 * (basic/authorization#scope-selection-strategy), and nothing is lost that was granted before. Undefined for none.
 */
export function chooseScope({ given, challenged, granted, ofResource, ofIssuer }: ScopeSources): string | undefined {
  const wanted = given ?? challenged ?? ofResource?.join(' ');
  // A person's own words are not added to, but by a server that says it needs more.
  const scope = computeScopeUnion(granted, wanted, granted === undefined ? undefined : challenged);
  const stays = given === undefined && scope !== undefined && ofIssuer?.includes(OFFLINE) === true;
  return stays ? computeScopeUnion(scope, OFFLINE) : scope;
}

/** True where one list of scopes holds all of another. */
export function covers(scope: string | undefined, wanted: string): boolean {
  const has = new Set((scope ?? '').split(' '));
  return wanted.split(' ').every((each) => each === '' || has.has(each));
}
