import { answeredRequest } from './answered-request.ts';
import { type Family, family } from './check.ts';
import type { Finding } from './finding.ts';
import { ALL } from './rule.ts';
import { shortened } from './shortened.ts';
import { calledTool } from './tool-catalogue.ts';

/** What a run has to keep to. */
export interface ContractTerms {
  /** Tools that have to be called, each at least once. */
  readonly expectTools?: readonly string[];
  /** Tools that must not be called. */
  readonly forbidTools?: readonly string[];
  /** Milliseconds that a call may take, from the last byte of its request to the last byte of its answer. */
  readonly maxMs?: number;
}

/** The contract of one run, which may have several connections. */
export interface Contract extends Family {
  /** What no connection called, though it was expected. To be asked when the last connection has ended. */
  unmet(): readonly Finding[];
}

const RULES = {
  'contract/expected-tool': {
    title: 'Every expected tool is called',
    level: 'error',
    versions: ALL,
    fix: 'See with `mcp-dbg log` which tools were called, or do not expect this one.',
  },
  'contract/forbidden-tool': {
    title: 'No forbidden tool is called',
    level: 'error',
    versions: ALL,
    fix: 'Find out why the tool was called, or do not forbid it.',
  },
  'contract/max-duration': {
    title: 'No call of a tool takes longer than allowed',
    level: 'error',
    versions: ALL,
    fix: 'Make the tool faster, or allow more time.',
  },
} as const;

/**
 * The rules that the terms ask for, to be given as `more` to the linters of all connections of a run. What is forbidden or takes too long
 * is found where it happens; what is missing can be told only after the last connection, by `unmet`.
 */
export function contract({ expectTools = [], forbidTools = [], maxMs }: ContractTerms): Contract {
  const missing = new Set(expectTools);
  const forbidden = new Set(forbidTools);

  const isAsked: Readonly<Record<string, boolean>> = {
    'contract/expected-tool': missing.size > 0,
    'contract/forbidden-tool': forbidden.size > 0,
    'contract/max-duration': maxMs !== undefined,
  };
  const asked = Object.fromEntries(Object.entries(RULES).filter(([id]) => isAsked[id]));
  const rules = family(RULES, (report) => ({
    request: (seen) => {
      const name = calledTool(seen.asked);
      if (name === undefined) return;
      missing.delete(name);
      if (forbidden.has(name))
        report('contract/forbidden-tool', seen, `The client called ${shortened(name)}, which is forbidden`);
    },
    answer: (seen) => {
      const { frame } = seen;
      const asked = answeredRequest(seen);
      const name = asked === undefined ? undefined : calledTool(asked);
      if (asked === undefined || name === undefined || maxMs === undefined) return;
      const tookMs = (frame.endUs - asked.frame.endUs) / 1000;
      const what = `The server took ${Math.round(tookMs)} ms for ${shortened(name)}`;
      if (tookMs > maxMs) report('contract/max-duration', seen, `${what}, and ${maxMs} ms are allowed`);
    },
  }));
  return { ...rules, rules: asked, unmet: () => [...missing].map(expected) };
}

function expected(name: string): Finding {
  const { level, fix } = RULES['contract/expected-tool'];
  return {
    rule: 'contract/expected-tool',
    level,
    n: undefined,
    from: 'client',
    message: `The client never called ${shortened(name)}, which is expected`,
    quote: undefined,
    fix,
    spec: undefined,
    clients: undefined,
  };
}
