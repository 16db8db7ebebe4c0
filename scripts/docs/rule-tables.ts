import { plain, table } from './table.ts';

/** A rule as `lint --rules --json` tells it. */
interface ListedRule {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly fix: string;
  readonly spec: string | null;
  readonly clients: string | null;
}

/** All rules by area: how many there are, and a table for each area. Takes what the program lists as text and as JSON. */
export function ruleTables(text: string, json: string): string {
  const { rules } = JSON.parse(json) as { readonly rules: readonly ListedRule[] };
  const versions = versionsIn(text);
  const areas = [...new Set(rules.map(areaOf))];
  const parts = areas.map((area) => {
    const rows = rules
      .filter((each) => areaOf(each) === area)
      .map((each) => [linked(each), each.level, versions.get(each.rule) ?? '', saidOf(each)]);
    return `\n### ${area}\n\n${table(['rule', 'level', 'holds in', 'what must hold'], rows)}`;
  });
  return `${countsOf(rules)}${parts.join('')}`;
}

function areaOf({ rule }: ListedRule): string {
  return rule.slice(0, rule.indexOf('/'));
}

function countsOf(rules: readonly ListedRule[]): string {
  const count = (level: ListedRule['level']): number => rules.filter((each) => each.level === level).length;
  const levels = `${count('error')} of the level error, ${count('warning')} warning, ${count('info')} info`;
  return `There are **${rules.length} rules**: ${levels}.\n`;
}

/** The words for the versions in which each rule holds: the third column of the listing. */
function versionsIn(text: string): ReadonlyMap<string, string> {
  const rows = text.split('\n').map((line) => line.split(/ {2,}/));
  return new Map(rows.map(([, rule = '', versions = '']) => [rule, versions]));
}

function linked({ rule, spec }: ListedRule): string {
  return spec === null ? plain(rule) : `[${plain(rule)}](${spec})`;
}

function saidOf({ title, fix, clients }: ListedRule): string {
  const hidden = clients === null ? '' : `<br>*Clients:* ${plain(clients)}`;
  return `**${plain(title)}.**<br>*Fix:* ${plain(fix)}${hidden}`;
}
