import type { CaptureFinding, CaptureLinter, CaptureRecord, Entry, TornStretch } from '@mcp-dbg/capture';

/** Everything that a linter finds in a capture. */
export async function findingsIn(
  records: AsyncIterable<CaptureRecord | TornStretch>,
  linter: CaptureLinter,
): Promise<readonly CaptureFinding[]> {
  const found: CaptureFinding[] = [];
  for await (const record of records) found.push(...linter.push(record));
  found.push(...linter.end());
  return found;
}

/** Findings by the frame that they are about. */
export class FindingsByFrame {
  readonly #byFrame = new Map<number, CaptureFinding[]>();

  constructor(findings: readonly CaptureFinding[] = []) {
    this.add(findings);
  }

  add(findings: readonly CaptureFinding[]): void {
    for (const finding of findings) {
      if (finding.n === undefined) continue;
      const known = this.#byFrame.get(finding.n);
      if (known === undefined) this.#byFrame.set(finding.n, [finding]);
      else known.push(finding);
    }
  }

  /** Those about an entry: about its frame or its answer. */
  of(entry: Entry): readonly CaptureFinding[] {
    if (entry.kind !== 'exchange') return [];
    const { frame, answer } = entry.exchange;
    const own = this.#byFrame.get(frame.n) ?? [];
    const other = answer === undefined ? [] : (this.#byFrame.get(answer.n) ?? []);
    return other.length === 0 ? own : [...own, ...other];
  }
}
