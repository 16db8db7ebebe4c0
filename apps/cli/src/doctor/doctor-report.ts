import { RULES } from '@mcp-dbg/protocol/lint';

import { type FailOn, failsOn } from '../lint-report/lint-report.ts';
import type { HostFinding } from './diagnosis.ts';
import { DOCTOR_RULES } from './doctor-rules.ts';
import type { StartFacts } from './start-facts.ts';

/** What a doctor has to tell of one server. */
export interface DoctorReport {
  /** The server's name, and its command without the secrets in it; of a server behind a URL that URL alone. */
  readonly server: { readonly name: string; readonly command: readonly string[] };
  readonly starts: readonly StartFacts[];
  /** The start for clients of the older protocol, where there was need of it. */
  readonly legacy: StartFacts | undefined;
  readonly findings: readonly HostFinding[];
  readonly failOn: FailOn;
}

/** True where something is as bad as what was asked for. */
export function hasFailed({ findings, failOn }: DoctorReport): boolean {
  return findings.some(({ level }) => failsOn(failOn, level));
}

/** What a rule is about, in a sentence. */
export function titleOf(rule: string): string {
  const own: Readonly<Record<string, { readonly title: string }>> = DOCTOR_RULES;
  return (own[rule] ?? RULES.get(rule))?.title ?? '';
}

/** How much of a model's context the definitions of tools take: four bytes of JSON a token, a common rule of thumb. */
export interface ContextCost {
  readonly tools: number;
  readonly tokens: number;
  /** The biggest, with their tokens. */
  readonly biggest: readonly (readonly [name: string, tokens: number])[];
}

/** Tools that are named for what they cost. */
const MAX_BIGGEST = 3;

/** What the tools cost in every request to a model; undefined where no start came to a list of them. */
export function contextCost(starts: readonly StartFacts[]): ContextCost | undefined {
  const ready = starts.map(({ outcome }) => outcome).find((outcome) => outcome.kind === 'ready');
  if (ready === undefined) return undefined;
  const costs = ready.tools.map(({ name, text }) => [name, Math.ceil(Buffer.byteLength(text) / 4)] as const);
  return {
    tools: costs.length,
    tokens: costs.reduce((sum, [, tokens]) => sum + tokens, 0),
    biggest: costs.toSorted(([, one], [, other]) => other - one).slice(0, MAX_BIGGEST),
  };
}
