import { type Frame, type Reading, readFrame } from '@mcp-dbg/wire';

import type { Check, Family, Place, Report } from './check.ts';
import { Conversation, type ProcessEnd } from './conversation.ts';
import { withoutConsequences } from './consequences.ts';
import { FAMILIES } from './families.ts';
import { type Finding, MAX_QUOTE } from './finding.ts';
import { Past } from './past.ts';
import { ALL, specPage } from './rule.ts';
import { copyOf } from './shortened.ts';

/** Findings of one rule that are given of one connection; of the others it is only counted how many there are. */
const MAX_OF_RULE = 1000;

/** Findings that one frame may bring about; a batch may hold any number of faults. */
const MAX_AT_ONCE = 10_000;

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
  readonly #given = new Map<string, number>();
  readonly #more = new Map<string, number>();
  #found: Finding[] = [];

  constructor({ off = [], more = [] }: LinterOptions = {}) {
    const isOff = offBy(off);
    const past = new Past();
    const checks = [...FAMILIES, ...more].map((each) => each.check(this.#reportOf(each, isOff), past));
    this.#conversation = new Conversation(together(checks), past);
  }

  /** Takes the next frame, in the order in which frames were completed, with its reading where there is one already. */
  see(frame: Frame, reading: Reading = readFrame(frame.bytes)): readonly Finding[] {
    this.#conversation.see(frame, reading);
    return this.#take();
  }

  /** The client ended the server's input, or the server was sent a signal: an end that follows was asked for. */
  asksToEnd(how: 'eof' | 'signal', us: number): void {
    this.#conversation.asksToEnd(how, us);
  }

  /** The server's process ended. */
  exit(end: ProcessEnd): readonly Finding[] {
    this.#conversation.exit(end);
    return this.#take();
  }

  /** Nothing more comes, or nothing more is known, from `us` microseconds on. */
  end(us: number): readonly Finding[] {
    this.#conversation.end(us);
    return this.#take();
  }

  /** By rule, how many findings there were beyond the first thousand, which alone are given. */
  get more(): ReadonlyMap<string, number> {
    return this.#more;
  }

  #take(): readonly Finding[] {
    const found = this.#found;
    if (found.length === 0) return found;
    this.#found = [];
    return withoutConsequences(found).filter(({ rule }) => this.#isGiven(rule));
  }

  #isGiven(rule: string): boolean {
    const given = this.#given.get(rule) ?? 0;
    if (given === MAX_OF_RULE) this.#count(rule);
    else this.#given.set(rule, given + 1);
    return given < MAX_OF_RULE;
  }

  #count(rule: string): void {
    this.#more.set(rule, (this.#more.get(rule) ?? 0) + 1);
  }

  #reportOf({ rules }: Family, isOff: (rule: string) => boolean): Report<string> {
    return (id, place, message, quote) => {
      const rule = rules[id];
      if (rule === undefined || isOff(id)) return;
      const { frame, from = frame?.from, version } = place;
      if (version === undefined ? rule.versions.length < ALL.length : !rule.versions.includes(version)) return;
      if (this.#found.length >= MAX_AT_ONCE) {
        this.#count(id);
        return;
      }
      this.#found.push({
        rule: id,
        level: rule.level,
        n: frame?.n,
        from,
        message: copyOf(message),
        quote: clipped(quote ?? textOf(place)),
        fix: rule.fix,
        spec: specPage(rule, version),
        clients: rule.clients,
      });
    };
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

/** The beginning of a frame's text. A character takes four bytes at most. */
function textOf({ frame }: Place): string | undefined {
  return frame && new TextDecoder().decode(frame.bytes.subarray(0, MAX_QUOTE * 4));
}

function clipped(text: string | undefined): string | undefined {
  return text && copyOf(text.length <= MAX_QUOTE ? text : `${text.slice(0, MAX_QUOTE)}…`);
}
