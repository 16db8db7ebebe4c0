import { type Frame, type Reading, readFrame } from '@mcp-dbg/wire';

import type { Check, Family } from './check.ts';
import { Conversation, type ProcessEnd } from './conversation.ts';
import { FAMILIES } from './families.ts';
import type { Finding } from './finding.ts';
import { Findings } from './findings.ts';
import { Past } from './past.ts';

export interface LinterOptions {
  /** The ids of rules that are switched off; `stdio/*` stands for all that begin so. */
  readonly off?: readonly string[];
  /** Rules beside the usual ones, such as the contract of a run. */
  readonly more?: readonly Family[];
}

/**
 * Checks one connection against all rules, frame by frame, and gives each finding as soon as it is certain. Total:
 * whatever the frames hold, it never throws. Remembers a bounded part of the past, however long the connection lives.
 */
export class Linter {
  readonly #conversation: Conversation;
  readonly #findings: Findings;

  constructor({ off = [], more = [] }: LinterOptions = {}) {
    this.#findings = new Findings(offBy(off));
    const past = new Past();
    const checks = [...FAMILIES, ...more].map((each) => each.check(this.#findings.reportOf(each), past));
    this.#conversation = new Conversation(together(checks), past);
  }

  /**
   * Takes the next frame, in the order in which frames were completed, with its reading where there is one already. Bytes
   * that are not the sender's own (`by`) ask and answer, but break no rule; nor does a frame that `isExcused`.
   */
  see(frame: Frame, reading: Reading = readFrame(frame.bytes), isExcused: boolean = false): readonly Finding[] {
    this.#findings.isQuiet = isExcused || frame.by !== undefined;
    this.#conversation.see(frame, reading, isExcused);
    this.#findings.isQuiet = false;
    return this.#findings.take();
  }

  /**
   * A frame came and was not passed on as it was, if at all. It breaks no rule. What it answers is nobody's fault if it stays
   * without an answer, and is answered where it was not the sender's own.
   */
  withheld(frame: Frame, reading: Reading = readFrame(frame.bytes)): void {
    this.#findings.isQuiet = true;
    this.#conversation.withheld(frame, reading);
    this.#findings.isQuiet = false;
  }

  /** The client ended the server's input, or the server was sent a signal: an end that follows was asked for. */
  asksToEnd(how: 'eof' | 'signal', us: number): void {
    this.#conversation.asksToEnd(how, us);
  }

  /** The server's process ended. */
  exit(end: ProcessEnd): readonly Finding[] {
    this.#conversation.exit(end);
    return this.#findings.take();
  }

  /** Nothing more comes, or nothing more is known, from `us` microseconds on. */
  end(us: number): readonly Finding[] {
    this.#conversation.end(us);
    return this.#findings.take();
  }

  /** By rule, how many findings there were beyond the first thousand, which alone are given. */
  get more(): ReadonlyMap<string, number> {
    return this.#findings.more;
  }
}

/** Shows everything to each of several checks in turn. */
function together(checks: readonly Check[]): Check {
  return {
    line: (seen) => checks.forEach((check) => check.line?.(seen)),
    spread: (seen) => checks.forEach((check) => check.spread?.(seen)),
    loose: (seen) => checks.forEach((check) => check.loose?.(seen)),
    request: (seen) => checks.forEach((check) => check.request?.(seen)),
    notification: (seen) => checks.forEach((check) => check.notification?.(seen)),
    answer: (seen) => checks.forEach((check) => check.answer?.(seen)),
    exit: (seen) => checks.forEach((check) => check.exit?.(seen)),
    end: (seen) => checks.forEach((check) => check.end?.(seen)),
  };
}

function offBy(patterns: readonly string[]): (rule: string) => boolean {
  const exact = new Set(patterns);
  const starts = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (rule) => exact.has(rule) || starts.some((start) => rule.startsWith(start));
}
