import { type Sender, peerOf } from '@mcp-dbg/wire';

import { SYSTEM_CLOCK } from '../clock.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { MakeStage } from '../stage.ts';
import { jsonOnOneLine, replyText } from './reply-text.ts';
import type { Decision, HeldFrame, HoldEvent } from './decision.ts';
import type { HoldOptions } from './hold-options.ts';
import { HoldStage } from './hold-stage.ts';

/** Why a decision cannot be taken. `NOT_HELD`: there is no such frame any more. */
export type RefusalCode = 'NOT_HELD' | 'NO_REQUEST' | 'NOT_JSON' | 'NOT_RUNNING';

/** What became of a decision. */
export type Verdict =
  /** It was taken. */
  | {
      readonly kind: 'done';
      /** The held frame before it, of the same exchange, that it waits for; undefined where it has gone already. */
      readonly behind: number | undefined;
      /** False where a text is sent that is not JSON, or not on one line. */
      readonly isJson: boolean;
    }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };

/**
 * Where frames lie that are held until somebody decides what becomes of them, or their time is over. Its stage stands in
 * a relay; whoever decides calls the desk. Each frame is passed on, changed, dropped or answered exactly once, and
 * what belongs to one exchange keeps its order in each direction; other exchanges pass meanwhile.
 */
export class HoldDesk {
  readonly #options: Required<HoldOptions>;
  readonly #watchers = new Set<(event: HoldEvent) => void>();
  #stage: HoldStage | undefined;
  #offReason: string | undefined;

  constructor(options: HoldOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
  }

  /** Makes the stage for the one relay that this desk is for. */
  readonly stage: MakeStage = (context) => {
    this.#stage = new HoldStage(this.#options, context, (event) => this.#tell(event));
    if (this.#offReason !== undefined) this.#stage.giveUp(this.#offReason);
    return this.#stage;
  };

  /** What is held now, in the order in which it came, client's and server's frames together. */
  get held(): readonly HeldFrame[] {
    return this.#stage?.held ?? [];
  }

  /** Milliseconds until a held frame goes on by itself. */
  leftMs({ dueMs }: HeldFrame): number {
    return Math.max(0, Math.round(dueMs - this.#options.clock.now()));
  }

  /** Calls back for everything that happens, from now on. Gives the way to stop that. */
  watch(watcher: (event: HoldEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  decide(number: number, decision: Decision): Verdict {
    const found = this.#stage?.heldAs(number);
    if (this.#stage === undefined || found === undefined)
      return refused('NOT_HELD', `Frame ${number} is not held: it has gone on, or there never was one`);
    const sent = framesFor(found.frame, number, decision);
    if ('kind' in sent) return sent;
    const behind = this.#stage.settle(number, decision.kind, sent.frames);
    return { kind: 'done', behind, isJson: sent.isJson };
  }

  /** Passes on all that is held, as it is. Gives how many frames that were. */
  acceptAll(): number {
    return this.#stage?.acceptAll() ?? 0;
  }

  /** Sends a peer a frame that the other did not write. */
  add(to: Sender, text: string): Verdict {
    if (this.#stage === undefined) return refused('NOT_RUNNING', 'The relay does not run yet; try again');
    const from = peerOf(to);
    const { lines, isJson } = linesOf(text);
    this.#stage.add(lines.map((line) => RelayFrame.ours(from, line)));
    return { kind: 'done', behind: undefined, isJson };
  }

  /** Holds nothing any more, and lets go what is held. The reason is recorded. */
  giveUp(reason: string): void {
    this.#offReason ??= reason;
    this.#stage?.giveUp(reason);
  }

  #tell(event: HoldEvent): void {
    for (const watcher of this.#watchers) watcher(event);
  }
}

/** What is sent in place of a held frame. */
function framesFor(
  frame: RelayFrame,
  number: number,
  decision: Decision,
): { readonly frames: readonly RelayFrame[]; readonly isJson: boolean } | (Verdict & { readonly kind: 'refused' }) {
  const { from, reading } = frame;
  switch (decision.kind) {
    case 'accept':
    case 'drop':
      return { frames: [], isJson: true };
    case 'edit': {
      const { lines, isJson } = linesOf(decision.text);
      return { frames: lines.map((line) => frame.changedTo(line).passing(undefined)), isJson };
    }
    case 'reply': {
      if (reading.kind !== 'request')
        return refused('NO_REQUEST', `Frame ${number} is no request, so nobody waits for an answer; edit or drop it`);
      const text = replyText(reading, decision.text);
      if (text === undefined)
        return refused('NOT_JSON', 'The answer is not JSON; drop the request and add a frame to send such a text');
      return { frames: [RelayFrame.ours(peerOf(from), text)], isJson: true };
    }
  }
}

/** The lines of a text; one that is JSON is joined to one, since line breaks stand between its tokens only. */
function linesOf(text: string): { readonly lines: readonly string[]; readonly isJson: boolean } {
  try {
    JSON.parse(text);
    return { lines: [jsonOnOneLine(text)], isJson: true };
  } catch {
    return { lines: text.replace(/\n$/, '').split('\n'), isJson: false };
  }
}

function refused(code: RefusalCode, message: string): Verdict & { readonly kind: 'refused' } {
  return { kind: 'refused', code, message };
}
