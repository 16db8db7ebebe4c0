import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { visible } from '../render/visible.ts';
import { type LintReport, byRule, failsOn } from './lint-report.ts';

/** A report as JUnit XML: a test case for each rule, which fails where its findings make the command fail. */
export function junitReport({ capture, rules, findings, more, failOn }: LintReport): string {
  const found = new Map(byRule(findings));
  const cases = [...rules].map(([id, { title }]) => testCase(id, title, found.get(id) ?? [], more.get(id), failOn));
  const failures = cases.filter(({ failed }) => failed).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mcp-dbg lint" tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="${xml(capture)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`,
    ...cases.map(({ text }) => text),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(
  id: string,
  title: string,
  findings: readonly CaptureFinding[],
  more: number | undefined,
  failOn: LintReport['failOn'],
): { readonly text: string; readonly failed: boolean } {
  const [first] = findings;
  const start = `    <testcase classname="${xml(id.replace('/', '.'))}" name="${xml(title)}"`;
  if (first === undefined) return { text: `${start}/>`, failed: false };
  const failed = failsOn(failOn, first.level);
  const rest = more === undefined ? [] : [`… and ${more} more`];
  const told = [...findings.map(sentence), ...rest].join('\n');
  const body = failed
    ? `      <failure type="${xml(id)}" message="${xml(first.message)}">${xml(told, 'kept')}</failure>`
    : `      <system-out>${xml(told, 'kept')}</system-out>`;
  return { text: `${start}>\n${body}\n    </testcase>`, failed };
}

function sentence({ n, level, message, quote, fix, spec }: CaptureFinding): string {
  const where = n === undefined ? '' : `frame ${n}: `;
  const lines = [
    `${level}: ${where}${visible(message)}`,
    ...(quote === undefined ? [] : [`  ${visible(quote)}`]),
    `  ${fix}`,
    ...(spec === undefined ? [] : [`  ${spec}`]),
  ];
  return lines.join('\n');
}

/** XML has no way at all to say most control characters, so hidden ones are made visible first. */
function xml(text: string, whitespace: 'kept' | 'shown' = 'shown'): string {
  return visible(text, whitespace)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
