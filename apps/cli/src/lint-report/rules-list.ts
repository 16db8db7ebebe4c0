import { LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, type Version } from '@mcp-dbg/protocol';
import { LEVELS, type Rule, specPage } from '@mcp-dbg/protocol/lint';

import { colourOf } from '../render/finding-text.ts';
import type { Theme } from '../render/theme.ts';

/** All rules, the worst first: level, id, where it holds, what must hold. */
export function rulesText(rules: ReadonlyMap<string, Rule>, theme: Theme): string {
  const width = Math.max(...[...rules.keys()].map((id) => id.length));
  const lines = LEVELS.flatMap((level) =>
    [...rules]
      .filter(([, rule]) => rule.level === level)
      .map(([id, { title, versions }]) =>
        [colourOf(level, theme)(level.padEnd(7)), id.padEnd(width), inWords(versions).padEnd(20), title].join('  '),
      ),
  );
  return `${lines.join('\n')}\n${rules.size} rules\n`;
}

/** The same for programs: one JSON document. */
export function rulesJson(rules: ReadonlyMap<string, Rule>): string {
  const listed = [...rules].map(([id, rule]) => {
    const { level, title, versions, fix, clients } = rule;
    return { rule: id, level, title, versions, spec: specPage(rule, undefined) ?? null, fix, clients: clients ?? null };
  });
  return `${JSON.stringify({ rules: listed })}\n`;
}

function inWords(versions: readonly Version[]): string {
  const are = (wanted: readonly Version[]): boolean => wanted.join() === versions.join();
  if (are(VERSIONS)) return 'all versions';
  if (are(LEGACY_VERSIONS)) return 'legacy';
  if (are(MODERN_VERSIONS)) return 'modern';
  const [first] = versions;
  if (first !== undefined && are(VERSIONS.slice(VERSIONS.indexOf(first)))) return `since ${first}`;
  const missing = VERSIONS.filter((version) => !versions.includes(version));
  return missing.length === 1 ? `all but ${missing[0] ?? ''}` : versions.join(', ');
}
