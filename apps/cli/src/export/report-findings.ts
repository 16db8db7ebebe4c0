import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { LEVELS } from '@mcp-dbg/protocol/lint';

import { codeBlock, codeSpan, prose } from './markdown-text.ts';

/** Frames that are named of each rule. */
const MAX_FRAMES = 5;

/** What is wrong by the rules, a part for each rule with its first breach, from the worst level to the mildest. */
export function findingsMarkdown(findings: readonly CaptureFinding[]): string {
  const groups = new Map<string, CaptureFinding[]>();
  for (const finding of findings) {
    const known = groups.get(finding.rule);
    if (known === undefined) groups.set(finding.rule, [finding]);
    else known.push(finding);
  }
  if (groups.size === 0) return 'No rule is broken.';
  const worst = (group: readonly CaptureFinding[]): number => LEVELS.findIndex((level) => level === group[0]?.level);
  return [...groups.values()]
    .toSorted((one, other) => worst(one) - worst(other) || other.length - one.length)
    .flatMap((group) => groupMarkdown(group))
    .join('\n\n');
}

function groupMarkdown(group: readonly CaptureFinding[]): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { rule, level, message, quote, fix, spec, clients } = first;
  const times = group.length === 1 ? '' : `, ${group.length} times`;
  return [
    `### ${level}: ${codeSpan(rule, 80)}${times}`,
    `${placesOf(group)}: ${codeSpan(message)}`,
    ...(quote === undefined || quote === '' ? [] : [codeBlock(quote, 'text')]),
    [
      `- Fix: ${prose(fix)}`,
      ...(spec === undefined ? [] : [`- Specification: ${linkTo(spec)}`]),
      ...(clients === undefined ? [] : [`- Clients: ${prose(clients)}`]),
    ].join('\n'),
  ];
}

function placesOf(group: readonly CaptureFinding[]): string {
  const frames = group.flatMap(({ n }) => (n === undefined ? [] : [n]));
  if (frames.length === 0) return 'The whole connection';
  const named = frames.slice(0, MAX_FRAMES);
  const more = frames.length - named.length;
  return `${named.length === 1 ? 'Frame' : 'Frames'} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function linkTo(page: string): string {
  return /^https:\/\/[a-z.]+\/[\w./#-]*$/.test(page) ? `<${page}>` : codeSpan(page);
}
