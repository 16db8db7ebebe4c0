import { safeJson } from '../render/visible.ts';
import { type LintReport, countsOf, failsOn } from './lint-report.ts';

/** A report for programs: one JSON document on one line. */
export function jsonReport({ capture, frames, rules, findings, more, failOn }: LintReport): string {
  const document = {
    capture,
    frames,
    rules: rules.size,
    counts: countsOf(findings),
    more: Object.fromEntries(more),
    failed: findings.some(({ level }) => failsOn(failOn, level)),
    findings: findings.map(({ rule, level, n, from, message, spec, fix, clients, quote, conn, server }) => ({
      rule,
      level,
      n: n ?? null,
      from: from ?? null,
      message,
      spec: spec ?? null,
      fix,
      clients: clients ?? null,
      quote: quote ?? null,
      conn,
      ...(server !== undefined && { server }),
    })),
  };
  return `${safeJson(JSON.stringify(document))}\n`;
}
