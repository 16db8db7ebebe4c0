import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { type Level, type Rule, specPage } from '@mcp-dbg/protocol/lint';

import { safeJson, visible } from '../render/visible.ts';
import { VERSION } from '../version.ts';
import { type LintReport, byRule } from './lint-report.ts';

/** What code scanning shows of one file at most; it refuses files with many more. */
const MAX_RESULTS = 5000;

const SARIF_LEVEL: Readonly<Record<Level, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** A report as SARIF 2.1.0, which code scanning and editors read: a result for each finding, the worst first. */
export function sarifReport({ uri, rules, findings, more }: LintReport): string {
  const ids = [...rules.keys()];
  const ordered = byRule(findings).flatMap(([, each]) => each);
  const shown = ordered.slice(0, MAX_RESULTS);
  const left = ordered.length - shown.length + [...more.values()].reduce((sum, count) => sum + count, 0);
  const run = {
    tool: {
      driver: {
        name: 'mcp-dbg',
        version: VERSION,
        informationUri: 'https://modelcontextprotocol.io',
        rules: [...rules].map(([id, rule]) => descriptor(id, rule)),
      },
    },
    invocations: [
      {
        executionSuccessful: true,
        ...(left > 0 && {
          toolExecutionNotifications: [
            {
              level: 'warning',
              message: { text: `${left} more findings are left out; mcp-dbg lint --json counts them all` },
            },
          ],
        }),
      },
    ],
    results: shown.map((finding) => result(finding, ids.indexOf(finding.rule), uri)),
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${safeJson(JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }))}\n`;
}

function descriptor(id: string, rule: Rule): object {
  const page = specPage(rule, undefined);
  return {
    id,
    shortDescription: { text: rule.title },
    help: { text: rule.fix },
    ...(page !== undefined && { helpUri: page }),
    defaultConfiguration: { level: SARIF_LEVEL[rule.level] },
  };
}

function result(finding: CaptureFinding, ruleIndex: number, uri: string | undefined): object {
  const { rule, level, n, message, quote, fix, clients, conn } = finding;
  const text = [message, ...(quote === undefined ? [] : [quote]), fix, ...(clients === undefined ? [] : [clients])]
    .map((each) => visible(each))
    .join('\n');
  const frame = n === undefined ? `connection ${conn}` : `frame ${n}`;
  return {
    ruleId: rule,
    ruleIndex,
    level: SARIF_LEVEL[level],
    message: { text },
    locations: [
      {
        ...(uri !== undefined && { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }),
        logicalLocations: [{ name: frame, kind: 'element' }],
      },
    ],
  };
}
