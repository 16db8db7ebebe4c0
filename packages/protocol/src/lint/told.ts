/** Habits that are remembered as told; of a peer that has more, the rest is not told. */
const MAX_TOLD = 1000;

/** A habit would be found in every frame: it is told once. */
export class Told {
  readonly #told = new Set<string>();

  /** True the first time for each habit. */
  isNews(habit: string): boolean {
    if (this.#told.size >= MAX_TOLD || this.#told.has(habit)) return false;
    this.#told.add(habit);
    return true;
  }
}
