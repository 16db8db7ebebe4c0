import type { FrameSummary, HeldFrame, HoldEnd } from './decision.ts';
import { summaryText } from './frame-summary.ts';

/** What the record says when a frame begins to be held. */
export function heldNote({ number, what }: HeldFrame, holdMs: number): string {
  return `held ${number}: ${summaryText(what)}, for ${time(holdMs)} at most`;
}

/** What became of a frame. */
interface Settled {
  /** Undefined where it only waited behind a held one. */
  readonly number: number | undefined;
  readonly what: FrameSummary;
  readonly how: HoldEnd;
  readonly ms: number;
}

/** What the record says when a frame was held, or has waited, long enough. */
export function settledNote({ number, what, how, ms }: Settled): string {
  const which = number === undefined ? summaryText(what) : `${number}, ${summaryText(what)},`;
  const why = number === undefined ? ' behind what was held' : WHY[how];
  return `${DONE[how]} ${which} after ${time(ms)}${why}`;
}

const DONE: Readonly<Record<HoldEnd, string>> = {
  accepted: 'passed on',
  timeout: 'passed on',
  ended: 'passed on',
  dropped: 'dropped',
  edited: 'changed',
  answered: 'answered by hand',
  closed: 'not passed on:',
};

const WHY: Readonly<Record<HoldEnd, string>> = {
  accepted: ', as it was',
  timeout: ', as it was: nobody decided in time',
  ended: ', as it was: its sender ended, or nothing is held any more',
  dropped: '',
  edited: '',
  answered: '',
  closed: ': the proxy ended',
};

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
