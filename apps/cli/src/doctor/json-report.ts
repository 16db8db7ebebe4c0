import { countsOf } from '../lint-report/lint-report.ts';
import { safeJson } from '../render/visible.ts';
import { type DoctorReport, contextCost, hasFailed } from './doctor-report.ts';
import type { StartFacts } from './start-facts.ts';

/** A report for programs: one JSON document on one line. */
export function jsonReport(report: DoctorReport): string {
  const { server, starts, legacy, findings } = report;
  const cost = contextCost(starts);
  const document = {
    server,
    failed: hasFailed(report),
    counts: countsOf(findings),
    context: cost === undefined ? null : { ...cost, biggest: cost.biggest.map(([name, tokens]) => ({ name, tokens })) },
    starts: starts.map(startJson),
    legacy: legacy === undefined ? null : startJson(legacy),
    findings: findings.map(({ rule, level, hosts, n, from, message, quote, fix, spec, clients }) => ({
      rule,
      level,
      hosts: hosts.map(({ id }) => id),
      n: n ?? null,
      from: from ?? null,
      message,
      quote: quote ?? null,
      fix,
      spec: spec ?? null,
      clients: clients ?? null,
    })),
  };
  return `${safeJson(JSON.stringify(document))}\n`;
}

function startJson({ launch, outcome, processes }: StartFacts): object {
  const base = {
    hosts: launch.hosts.map(({ id }) => id),
    cwd: launch.cwd,
    path: launch.env['PATH'] ?? null,
    ok: outcome.kind === 'ready',
    processes: processes.length,
    firstAnswerMs: processes.at(-1)?.firstAnswerMs ?? null,
  };
  if (outcome.kind === 'failed') return { ...base, error: { code: outcome.code, message: outcome.message } };
  const { era, protocolVersion, name, version, tools, readyMs } = outcome;
  return { ...base, readyMs, era, protocolVersion, server: { name, version }, tools: tools.length };
}
