import type { Finding } from './finding.ts';

/** All that is judged by what a message holds, and not by what it is. */
const CONTENT = /^(?!(?:json-rpc|stdio)\/)/;

/** Faults of a message from which others follow that say nothing new about the same message. */
const FOLLOWS: Readonly<Record<string, RegExp>> = {
  'json-rpc/params-object': CONTENT,
  'json-rpc/result-object': CONTENT,
  'json-rpc/error-shape': CONTENT,
  'meta/object': /^(?:meta\/(?!object)|results\/server-info$|subscriptions\/|logging\/|extensions\/|tasks\/)/,
  'meta/protocol-version': /^extensions\//,
  'meta/client-capabilities': /^extensions\//,
  'meta/capabilities': /^(?:extensions|input)\//,
  'meta/incomplete-served': /^tasks\/(?:declared|refused)$/,
  'results/result-type': /^schema\/result$/,
  'subscriptions/result-id': /^results\/server-info$/,
  'content/type': /^tools\/structured-text$/,
  'schema/params': /^(?:input|sampling|subscriptions|cancellation|tasks)\//,
  'schema/result': /^(?:input|roots)\/|^tools\/structured-/,
};

/** Findings without those that do no more than follow from another one about the same message of the same sender. */
export function withoutConsequences(found: readonly Finding[]): readonly Finding[] {
  const causes = new Map<string, Set<RegExp>>();
  for (const finding of found) {
    const follows = FOLLOWS[finding.rule];
    if (follows === undefined) continue;
    const key = messageOf(finding);
    causes.set(key, (causes.get(key) ?? new Set()).add(follows));
  }
  if (causes.size === 0) return found;
  return found.filter((finding) => {
    for (const follows of causes.get(messageOf(finding)) ?? []) if (follows.test(finding.rule)) return false;
    return true;
  });
}

function messageOf({ n, from }: Finding): string {
  return `${n ?? ''} ${from ?? ''}`;
}
