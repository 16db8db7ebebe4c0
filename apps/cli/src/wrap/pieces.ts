import type { EntrySpots, ListSpot } from './entry-spots.ts';
import type { Span, Splice } from './splice.ts';

/** A stretch of an entry as it was before a wrap, and as the wrap made it. */
export interface Piece {
  /** The member whose value it begins with. */
  readonly anchor: 'command' | 'args';
  readonly before: string;
  readonly after: string;
}

/** What is kept of an entry, so that its wrap can be taken back letter by letter. */
export interface Kept {
  /** What it started before. */
  readonly argv: readonly string[];
  readonly pieces: readonly Piece[];
}

/** A text and where an entry stands in it. */
export interface Placed {
  readonly text: string;
  readonly spots: EntrySpots;
}

/** The pieces by which a wrap can be taken back letter by letter. One alone where `args` came with the wrap. */
export function piecesOf(before: Placed, after: Placed): readonly Piece[] {
  const isAlone = before.spots.args === undefined;
  return anchors(isAlone).flatMap((anchor) => {
    const [old, now] = [reach(before.spots, anchor, isAlone), reach(after.spots, anchor, isAlone)];
    if (old === undefined || now === undefined) return [];
    return [{ anchor, before: before.text.slice(old.start, old.end), after: after.text.slice(now.start, now.end) }];
  });
}

/** The same pieces, as another wrap of the wrapped entry made them. */
export function piecesAgain(pieces: readonly Piece[], after: Placed): readonly Piece[] {
  return pieces.flatMap(({ anchor, before }) => {
    const now = reach(after.spots, anchor, pieces.length === 1);
    return now === undefined ? [] : [{ anchor, before, after: after.text.slice(now.start, now.end) }];
  });
}

/** What takes a wrap back letter by letter; undefined where the two members are not as the wrap left them. */
export function restoring({ text, spots }: Placed, pieces: readonly Piece[]): readonly Splice[] | undefined {
  const splices = pieces.map(({ anchor, before, after }): Splice | undefined => {
    const now = reach(spots, anchor, pieces.length === 1);
    return now !== undefined && text.slice(now.start, now.end) === after ? { ...now, text: before } : undefined;
  });
  const found = splices.filter((splice) => splice !== undefined);
  return found.length === 0 || found.length < splices.length ? undefined : found;
}

/**
 * What takes a wrap back whose words were edited since; undefined where more would go than words, such as a comment between
 * them, or a member between the two.
 */
export function restoringEdited({ text, spots }: Placed, pieces: readonly Piece[]): readonly Splice[] | undefined {
  const { command, args } = spots;
  if (args === undefined || !isWordsOnly(text, args)) return undefined;
  const [first, second] = pieces;
  const between = text.slice(command.value.start, args.value.start);
  if (first === undefined || (second === undefined && !first.after.startsWith(between))) return undefined;
  return pieces.flatMap(({ anchor, before }) => {
    const now = reach(spots, anchor, second === undefined);
    return now === undefined ? [] : [{ ...now, text: before }];
  });
}

function isWordsOnly(text: string, { value, items }: ListSpot): boolean {
  const bounds = [value.start, ...items.flatMap(({ start, end }) => [start, end]), value.end];
  const gaps = bounds.flatMap((from, index) => (index % 2 === 0 ? [text.slice(from, bounds[index + 1])] : []));
  return gaps.every((gap) => /^[\s,[\]]*$/.test(gap));
}

function anchors(isAlone: boolean): readonly Piece['anchor'][] {
  return isAlone ? ['command'] : ['command', 'args'];
}

/** How far a piece goes: one that stands alone from the command to the end of `args`, or to where they would be. */
function reach({ command, args, gap }: EntrySpots, anchor: Piece['anchor'], isAlone: boolean): Span | undefined {
  if (!isAlone) return anchor === 'command' ? command.value : args?.value;
  const span = { start: command.value.start, end: args?.value.end ?? gap.at };
  return span.end < span.start ? undefined : span;
}
