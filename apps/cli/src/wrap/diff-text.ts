import { maskArgv } from '@mcp-dbg/capture/redact';

import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import type { EntrySpots } from './entry-spots.ts';
import { quoted } from './edit-entry.ts';
import { type Span, type Splice, inOrder } from './splice.ts';

/** An entry in a text, and what it starts. */
interface Shown {
  readonly spots: EntrySpots;
  readonly argv: readonly string[];
}

/** A text, and what of it may be shown. */
export interface Side {
  readonly text: string;
  readonly entries: readonly Shown[];
}

/** Characters of a line at most. */
const MAX_LINE = 400;

/**
 * A unified diff of a config file, for a person. Shown are the lines that change, and of these `command` and `args` alone,
 * without what looks like a secret: whatever else stands there, such as variables with keys, is `…`.
 */
export function diffText(path: string, before: Side, after: Side, splices: readonly Splice[], theme: Theme): string {
  const [old, now] = [tokensOf(before), tokensOf(after)];
  const name = visible(path);
  const hunks = hunksOf(before.text, after.text, splices).map(({ removed, added }) => {
    const head = `@@ -${rangeText(removed)} +${rangeText(added)} @@`;
    const lines = [
      ...removed.lines.map((line) => theme.bad(`-${shownLine(before.text, line, old)}`)),
      ...added.lines.map((line) => theme.good(`+${shownLine(after.text, line, now)}`)),
    ];
    return `${theme.dim(head)}\n${lines.map((line) => `${line}\n`).join('')}`;
  });
  return `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
}

interface Lines {
  /** The number of the first line, from 1. */
  readonly first: number;
  readonly lines: readonly Span[];
}

interface Hunk {
  readonly removed: Lines;
  readonly added: Lines;
}

function hunksOf(before: string, after: string, splices: readonly Splice[]): readonly Hunk[] {
  const stretches: { old: Span; now: Span }[] = [];
  let shift = 0;
  for (const { start, end, text } of inOrder(splices)) {
    const old = wholeLines(before, { start, end });
    const now = wholeLines(after, { start: start + shift, end: start + shift + text.length });
    shift += text.length - (end - start);
    const last = stretches.at(-1);
    // Changes of one line, or of neighbours, are one hunk.
    if (last === undefined || old.start > last.old.end + 1) stretches.push({ old, now });
    else stretches[stretches.length - 1] = { old: joined(last.old, old), now: joined(last.now, now) };
  }
  return stretches
    .map(({ old, now }) => hunkOf(before, old, after, now))
    .filter(({ removed, added }) => removed.lines.length + added.lines.length > 0);
}

/** The lines of both sides, less those at both ends that are the same. */
function hunkOf(before: string, old: Span, after: string, now: Span): Hunk {
  const [a, b] = [linesIn(before, old), linesIn(after, now)];
  const textAt = (text: string, span: Span | undefined): string | undefined => span && text.slice(span.start, span.end);
  let same = 0;
  while (same < Math.min(a.length, b.length) && textAt(before, a[same]) === textAt(after, b[same])) same++;
  let tail = 0;
  while (
    tail < Math.min(a.length, b.length) - same &&
    textAt(before, a[a.length - 1 - tail]) === textAt(after, b[b.length - 1 - tail])
  )
    tail++;
  return {
    removed: { first: numberOf(before, old.start) + same, lines: a.slice(same, a.length - tail) },
    added: { first: numberOf(after, now.start) + same, lines: b.slice(same, b.length - tail) },
  };
}

/** As diff(1) writes it: the first line and their number; where there are none, the line before. */
function rangeText({ first, lines: { length } }: Lines): string {
  return length === 1 ? String(first) : `${length === 0 ? first - 1 : first},${length}`;
}

function wholeLines(text: string, { start, end }: Span): Span {
  const lineEnd = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEnd === -1 ? text.length : lineEnd };
}

function joined(a: Span, b: Span): Span {
  return { start: a.start, end: Math.max(a.end, b.end) };
}

function linesIn(text: string, { start, end }: Span): readonly Span[] {
  const lines: Span[] = [];
  for (let from = start; ;) {
    const next = text.indexOf('\n', from);
    if (next === -1 || next >= end) return [...lines, { start: from, end }];
    lines.push({ start: from, end: next });
    from = next + 1;
  }
}

function numberOf(text: string, offset: number): number {
  let number = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) number++;
  return number;
}

/** What may be shown of a text, in order: the keys, and the words without secrets. */
function tokensOf({ text, entries }: Side): readonly Splice[] {
  const asWritten = (span: Span): Splice => ({ ...span, text: text.slice(span.start, span.end) });
  return inOrder(
    entries.flatMap(({ spots: { command, args }, argv }) => {
      const masked = maskArgv(argv);
      const word = (span: Span, index: number): Splice =>
        masked[index] === argv[index] ? asWritten(span) : { ...span, text: quoted(masked[index] ?? '') };
      const keys = [command.key, ...(args === undefined ? [] : [args.key])].map(asWritten);
      return [...keys, word(command.value, 0), ...(args?.items ?? []).map((item, index) => word(item, index + 1))];
    }),
  );
}

/** Blanks, and the signs that stand between what is shown. */
const SIGNS_FIRST = /^[\s{}[\],:=]*/;
const SIGNS_LAST = /[\s{}[\],:=]*$/;
/** Characters at the end of what is passed over in which such signs are looked for. */
const MAX_SIGNS = 40;

function shownLine(text: string, line: Span, tokens: readonly Splice[]): string {
  let shown = '';
  let at = line.start;
  const pass = (until: number): void => {
    const passed = text.slice(at, until);
    const first = SIGNS_FIRST.exec(passed)?.[0] ?? '';
    shown += first;
    if (first.length < passed.length) shown += `…${SIGNS_LAST.exec(passed.slice(-MAX_SIGNS))?.[0] ?? ''}`;
  };
  for (const { start, end, text: word } of tokens) {
    if (end <= line.start || start >= line.end || shown.length > MAX_LINE) continue;
    pass(Math.max(at, start));
    shown += start < line.start ? '…' : word;
    at = Math.min(end, line.end);
  }
  pass(line.end);
  const whole = visible(shown.trimEnd().replaceAll('\t', '  '));
  return whole.length > MAX_LINE ? `${whole.slice(0, MAX_LINE)}…` : whole;
}
