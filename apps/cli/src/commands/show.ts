import { type Entry, type ExchangeEntry, readCapture } from '@mcp-dbg/capture';
import { CaptureLinter } from '@mcp-dbg/capture/lint';

import { doneToFrames } from '../done-to-frames.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { FindingsByFrame } from '../findings-by-frame.ts';
import { findingsIn } from '../findings-of.ts';
import type { Io } from '../io.ts';
import { type Reading, openReading } from '../reading.ts';
import { showJson } from '../render/show-json.ts';
import { type Shown, showText } from '../render/show-text.ts';
import { themeFor } from '../render/theme.ts';

export interface ShowOptions {
  readonly raw?: boolean;
  readonly json?: boolean;
}

/** Lines of what happened during an exchange that are kept. */
const MAX_DURING = 200;

/**
 * Shows one exchange of a capture whole, with what happened during it and what is wrong with it. The number is that of
 * its request, of its answer, or of any frame that stands alone. Gives the exit code.
 */
export async function show(io: Io, words: readonly string[], options: ShowOptions): Promise<number> {
  const [n, rest] = numberIn(words);
  using reading = await openReading(io, rest, true);
  if (reading.filter !== undefined)
    throw new CliError('USAGE', 'show takes a number and a capture, and no filter; mcp-dbg log takes one');
  const entry = await entryAt(reading, n);
  const around = await surroundings(reading, entry);
  const done = await doneToFrames(entry, readCapture(reading.records()));
  const byFrame = new FindingsByFrame(await findingsIn(reading.records(), new CaptureLinter()));
  const shown: Shown = {
    entry,
    done,
    ...around,
    findings: [entry, ...around.during].flatMap((each) => byFrame.of(each)),
  };
  const theme = themeFor(io.terminal.stdout, io.env);
  io.stdout.write(options.json === true ? showJson(shown) : showText(shown, theme, options.raw === true));
  return EXIT.good;
}

/** The number is the first word that is one; people write `show 12 weather` and `show weather 12`. */
function numberIn(words: readonly string[]): readonly [number, readonly string[]] {
  const at = words.findIndex((word) => /^#?\d{1,15}$/.test(word));
  const n = Number(words[at]?.replace('#', ''));
  if (at === -1 || n < 1)
    throw new CliError('USAGE', 'Name the number of a frame, such as mcp-dbg show 12; mcp-dbg log lists them');
  return [n, words.filter((_, index) => index !== at)];
}

async function entryAt(reading: Reading, n: number): Promise<ExchangeEntry> {
  let last = 0;
  for await (const entry of readCapture(reading.records())) {
    if (entry.kind !== 'exchange') continue;
    const { exchange } = entry;
    if (exchange.n === n || exchange.answer?.n === n) return entry;
    last = Math.max(last, exchange.n, exchange.answer?.n ?? 0);
  }
  const most = last === 0 ? 'it has none' : `its frames are 1 to ${last}`;
  throw new CliError('USAGE', `There is no frame ${n} in this capture: ${most}; mcp-dbg log lists them`);
}

/** What an exchange belongs to, what belongs to it, and what else its server did while it waited. */
async function surroundings(reading: Reading, entry: ExchangeEntry): Promise<Pick<Shown, 'whole' | 'during' | 'left'>> {
  const { n, us, of, kind, answer } = entry.exchange;
  const during: Entry[] = [];
  let whole: ExchangeEntry | undefined;
  let left = 0;
  // What stands alone waits for nothing, and what was called off no longer.
  let until = kind === 'request' || kind === 'batch' ? (answer?.endUs ?? Infinity) : -Infinity;
  for await (const other of readCapture(reading.records())) {
    if (other.kind === 'exchange') {
      if (other.exchange.n === of) whole = other;
      const isNoiseMeanwhile =
        other.exchange.kind === 'noise' && other.conn === entry.conn && other.us >= us && other.us <= until;
      if (other.exchange.of !== n && !isNoiseMeanwhile) continue;
      if (other.exchange.method === 'notifications/cancelled') until = Math.min(until, other.us);
    } else if (other.conn !== entry.conn || other.us < us || other.us > until) continue;
    if (during.length < MAX_DURING) during.push(other);
    else left++;
  }
  return { whole, during, left };
}
