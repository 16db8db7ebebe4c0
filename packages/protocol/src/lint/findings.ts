import type { Family, Place, Report } from './check.ts';
import { withoutConsequences } from './consequences.ts';
import { type Finding, MAX_QUOTE } from './finding.ts';
import { ALL, type Rule, specPage } from './rule.ts';
import { copyOf } from './shortened.ts';

/** Findings of one rule that are given of one connection; of the others it is only counted how many there are. */
const MAX_OF_RULE = 1000;

/** Findings that one frame may bring about; a batch may hold any number of faults. */
const MAX_AT_ONCE = 10_000;

/** Characters of a subject that tell it from others; some are names that a peer chose. */
const MAX_SUBJECT = 200;

/** What a rule had to tell so far. */
interface Told {
  given: number;
  /** What was told once; a peer with more subjects than are given has told enough. */
  readonly subjects: Set<string>;
  /** The number of the last frame that broke it. */
  lastFrame: number | undefined;
}

/** Makes findings of what the checks of one connection report, and bounds how many there are. */
export class Findings {
  readonly #isOff: (rule: string) => boolean;
  readonly #told = new Map<string, Told>();
  readonly #more = new Map<string, number>();
  #found: Finding[] = [];
  /** While it is set nothing is anybody's fault. */
  isQuiet = false;

  constructor(isOff: (rule: string) => boolean) {
    this.#isOff = isOff;
  }

  /** By rule, how many findings there were beyond those that were given. */
  get more(): ReadonlyMap<string, number> {
    return this.#more;
  }

  /** Those since the last time. */
  take(): readonly Finding[] {
    const found = this.#found;
    if (found.length === 0) return found;
    this.#found = [];
    return withoutConsequences(found).filter(({ rule }) => this.#isGiven(rule));
  }

  /** Where the check of a family tells breaches. */
  reportOf({ rules }: Family): Report<string> {
    return (id, place, message, { quote, about = '' } = {}) => {
      const rule = rules[id];
      if (rule === undefined || this.#isOff(id)) return;
      const { frame, from = frame?.from, version } = place;
      if (this.isQuiet || frame?.by !== undefined) return;
      if (version === undefined ? rule.versions.length < ALL.length : !rule.versions.includes(version)) return;
      if (!this.#isNew(id, rule, place, about)) return;
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
        quote: clipped((typeof quote === 'function' ? quote() : quote) ?? textOf(place)),
        fix: rule.fix,
        spec: specPage(rule, version),
        clients: rule.clients,
      });
    };
  }

  #isNew(id: string, { once }: Rule, { frame, from = frame?.from ?? 'server' }: Place, about: string): boolean {
    if (once === undefined) return true;
    const told = this.#toldOf(id);
    if (once === 'frame') {
      const isSame = told.lastFrame === frame?.n;
      told.lastFrame = frame?.n;
      return !isSame;
    }
    const subject = `${from} ${about.slice(0, MAX_SUBJECT)}`;
    if (told.subjects.has(subject)) return false;
    if (told.subjects.size >= MAX_OF_RULE) {
      this.#count(id);
      return false;
    }
    told.subjects.add(copyOf(subject));
    return true;
  }

  #isGiven(id: string): boolean {
    const told = this.#toldOf(id);
    if (told.given === MAX_OF_RULE) {
      this.#count(id);
      return false;
    }
    told.given++;
    return true;
  }

  #toldOf(id: string): Told {
    const told = this.#told.get(id) ?? { given: 0, subjects: new Set<string>(), lastFrame: 0 };
    this.#told.set(id, told);
    return told;
  }

  #count(id: string): void {
    this.#more.set(id, (this.#more.get(id) ?? 0) + 1);
  }
}

/** The beginning of a frame's text. A character takes four bytes at most. */
function textOf({ frame }: Place): string | undefined {
  return frame && new TextDecoder().decode(frame.bytes.subarray(0, MAX_QUOTE * 4));
}

function clipped(text: string | undefined): string | undefined {
  return text && copyOf(text.length <= MAX_QUOTE ? text : `${text.slice(0, MAX_QUOTE)}…`);
}
