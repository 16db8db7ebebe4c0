/** Times of one tool that are kept, the newest. */
const MAX_TIMES = 256;
/** Tools that are told apart; a server that invents more has the rest counted together. */
const MAX_TOOLS = 200;
const THE_REST = '(others)';

interface Calls {
  calls: number;
  failed: number;
  readonly timesMs: number[];
}

/** How often tools were called, and how long they took, as `mcpdbg_stats` tells it. */
export interface ToolTimes {
  readonly tool: string;
  readonly calls: number;
  readonly failed: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

/** Counts the answered calls of each tool. Percentiles are of the newest 256. */
export class CallTimes {
  readonly #tools = new Map<string, Calls>();

  add(tool: string, ms: number, isFailed: boolean): void {
    const name = this.#tools.has(tool) || this.#tools.size < MAX_TOOLS ? tool : THE_REST;
    const calls = this.#tools.get(name) ?? { calls: 0, failed: 0, timesMs: [] };
    this.#tools.set(name, calls);
    calls.calls++;
    if (isFailed) calls.failed++;
    calls.timesMs.push(ms);
    if (calls.timesMs.length > MAX_TIMES) calls.timesMs.shift();
  }

  get all(): readonly ToolTimes[] {
    return [...this.#tools].map(([tool, { calls, failed, timesMs }]) => {
      const sorted = timesMs.toSorted((a, b) => a - b);
      const at = (part: number): number | null => {
        const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
        return ms === undefined ? null : Math.round(ms * 10) / 10;
      };
      return { tool, calls, failed, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
    });
  }
}
