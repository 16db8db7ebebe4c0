import type { Entry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import type { Placed } from '@mcp-dbg/protocol';

/** Findings by the frame that they are about. */
export class FindingsByFrame {
  readonly #byFrame = new Map<number | undefined, CaptureFinding[]>();

  constructor(findings: readonly CaptureFinding[] = []) {
    this.add(findings);
  }

  add(findings: readonly CaptureFinding[]): void {
    for (const finding of findings) {
      const known = this.#byFrame.get(finding.n);
      if (known === undefined) this.#byFrame.set(finding.n, [finding]);
      else known.push(finding);
    }
  }

  /** Those about one frame. */
  ofFrame(n: number): readonly CaptureFinding[] {
    return this.#byFrame.get(n) ?? [];
  }

  /** Those about an entry: about its frame or its answer. */
  of(entry: Entry<Placed>): readonly CaptureFinding[] {
    if (entry.kind !== 'exchange') return [];
    const { frame, answer } = entry.exchange;
    const own = this.ofFrame(frame.n);
    const other = answer === undefined ? [] : this.ofFrame(answer.n);
    return other.length === 0 ? own : [...own, ...other];
  }

  /** Those about no frame: about all of a connection, or of a run. */
  get ofConnections(): readonly CaptureFinding[] {
    return this.#byFrame.get(undefined) ?? [];
  }
}
