import type { Finding, Level } from '@mcp-dbg/protocol/lint';

import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** The colour of a level. */
export function colourOf(level: Level, theme: Theme): (text: string) => string {
  return { error: theme.bad, warning: theme.warn, info: theme.client }[level];
}

/** A finding in one line: its level, its rule, what is wrong. Safe to print. */
export function findingText(finding: Finding, theme: Theme): string {
  return `${findingName(finding, theme)}: ${visible(finding.message)}`;
}

/** Its level and its rule alone. */
export function findingName({ level, rule }: Pick<Finding, 'level' | 'rule'>, theme: Theme): string {
  return `${colourOf(level, theme)(level)} ${theme.strong(rule)}`;
}

/** The rules that are broken, worst first, to stand at the end of a line that is about something else. */
export function findingMarks(findings: readonly Pick<Finding, 'level' | 'rule'>[], theme: Theme): string {
  const seen = new Set<string>();
  return findings
    .filter(({ rule }) => !seen.has(rule) && seen.add(rule).size > 0)
    .map(({ level, rule }) => colourOf(level, theme)(`[${rule}]`))
    .join(' ');
}
