import { type Filter, type FilterSide, compileFilter } from '@mcp-dbg/capture';

import { type Acted, type Scene, act, fits } from './act.ts';
import type { FaultRule, FaultWhen } from './fault-rule.ts';
import type { Flight } from './flight.ts';
import { printAction } from './print-fault.ts';
import { type Random, seededRandom } from './seeded-random.ts';
import { sideOf } from './side-of.ts';

/** A rule at work: it counts, and has its own chance. Goes on counting from one server process to the next. */
export class LiveRule {
  readonly rule: FaultRule;
  readonly #filter: Filter;
  readonly #side: FilterSide | undefined;
  readonly #random: Random;
  #count = 0;

  constructor(rule: FaultRule, seed: number, index: number) {
    this.rule = rule;
    this.#filter = compileFilter(rule.filter);
    this.#side = sideOf(rule);
    this.#random = seededRandom(seed, index);
  }

  /** What the rule makes of a frame, and what it did; undefined where it does not fire. */
  fire(
    flight: Flight,
    seen: Omit<Scene, 'rule' | 'random'>,
  ): { readonly flight: Flight; readonly done: string } | undefined {
    const scene: Scene = { ...seen, rule: this.rule, random: this.#random };
    if (!this.#fits(scene)) return undefined;
    this.#count++;
    const { actions, when, p, afterMs } = this.rule;
    if (when !== undefined && !isDue(when, this.#count)) return undefined;
    if (p !== undefined && this.#random() >= p) return undefined;
    let acted: Pick<Acted, 'flight'> = { flight };
    const done: string[] = [];
    for (const action of actions) {
      const next = act(action, acted.flight, scene);
      done.push(printAction(next.done));
      acted = next;
    }
    const after = afterMs === undefined ? '' : ` after=${afterMs}ms`;
    return { flight: acted.flight, done: `${done.join(',')}${after}` };
  }

  #fits(scene: Scene): boolean {
    const { side, subject } = scene.sight;
    // What stands alone has no sides; only who asks for answers does not mean it.
    const isSide = this.#side === undefined || (side === undefined ? this.rule.side !== 'res' : side === this.#side);
    return isSide && this.#filter.matches(subject) && this.rule.actions.every((action) => fits(action, scene));
  }
}

function isDue({ first, last, step }: FaultWhen, count: number): boolean {
  return count >= first && (last === undefined || count <= last) && (count - first) % step === 0;
}
