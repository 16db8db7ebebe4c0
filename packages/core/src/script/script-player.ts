import type { JsonObject } from '../model.ts';
import type { Script, ScriptTurn } from './script.ts';

/** What a request says that a script looks at. */
export interface Prompt {
  /** What the newest message holds: a person's text, or tool results alone. */
  readonly from: 'user' | 'result';
  /** The newest text of the person. */
  readonly query: string;
  /** The texts of the newest tool results. */
  readonly result: string;
  /** The names of the tools that may be called. */
  readonly tools: readonly string[];
}

/** What is to be answered: a turn of the script with its templates filled in. */
export type Cue = Pick<ScriptTurn, 'think' | 'say' | 'call' | 'stop' | 'error' | 'disconnect' | 'drip'>;

/** Walks through a script, one cue a request. Throws a {@link CueError} when a turn cannot be played. */
export class ScriptPlayer {
  readonly #turns: readonly ScriptTurn[];
  readonly #played: number[];

  constructor({ turns }: Script) {
    this.#turns = turns;
    this.#played = turns.map(() => 0);
  }

  /** The first turn that is not used up and matches answers; without one, a reply that says so. */
  next(prompt: Prompt): Cue {
    const newest = prompt.from === 'user' ? prompt.query : prompt.result;
    for (const [index, turn] of this.#turns.entries()) {
      if ((this.#played[index] ?? 0) >= turn.repeat || (turn.on !== undefined && turn.on !== prompt.from)) continue;
      const match = turn.when === undefined ? undefined : turn.when.exec(newest);
      if (match === null) continue;
      this.#played[index] = (this.#played[index] ?? 0) + 1;
      return filled(turn, `turns[${index}]`, prompt, match);
    }
    return NOTHING_LEFT;
  }
}

/** A turn that cannot be played for this request. */
export class CueError extends Error {
  override readonly name = 'CueError';
}

const NOTHING_LEFT: Cue = {
  say: 'The script has no turn for this. (A script answers here, no language model.)',
  call: [],
  stop: 'end_turn',
  disconnect: false,
  drip: 0,
};

function filled(turn: ScriptTurn, at: string, prompt: Prompt, match: RegExpExecArray | undefined): Cue {
  const fill = (text: string): string => filledText(text, prompt, match);
  return {
    ...turn,
    ...(turn.say === undefined ? {} : { say: fill(turn.say) }),
    call: turn.call.map(({ tool, args }, index) => ({
      tool: toolNamed(tool, prompt.tools, `${at}.call[${index}]`),
      args: filledValue(args, fill) as JsonObject,
    })),
  };
}

/** Replaces `{{result}}`, `{{query}}` and the groups of `when`; what is none of these stays as it is. */
function filledText(text: string, { query, result }: Prompt, match: RegExpExecArray | undefined): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    if (name === 'result') return result;
    if (name === 'query') return query;
    const known =
      match !== undefined &&
      (/^\d+$/.test(name) ? Number(name) < match.length : Object.hasOwn(match.groups ?? {}, name));
    if (!known) return whole;
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

function filledValue(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((each) => filledValue(each, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledValue(each, fill)]));
}

/** The exact name, else the one tool of some server that is called so, else the name as it stands: models err too. */
function toolNamed(tool: string, names: readonly string[], at: string): string {
  const legal = tool.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  const exact = names.find((name) => name === tool || name === legal);
  if (exact !== undefined) return exact;
  const candidates = names.filter((name) => name.endsWith(`__${legal}`));
  if (candidates.length > 1)
    throw new CueError(
      `${at} calls "${tool}", which could be any of ${candidates.join(', ')}: write one of these names`,
    );
  return candidates[0] ?? legal;
}
