import type {
  ErrorReading,
  Frame,
  IdText,
  NotificationReading,
  Reading,
  RequestReading,
  ResultReading,
  Sender,
} from '@mcp-dbg/wire';

import type { Version } from '../eras.ts';
import type { Past } from './past.ts';
import type { Rule, Rules } from './rule.ts';
import type { LooseLine } from './spread-message.ts';

/** Where something is wrong: what a finding is attached to. */
export interface Place {
  readonly frame?: Frame;
  /** Who is at fault. */
  readonly from?: Sender;
  /** The version under which it happened; undefined where it is not known. */
  readonly version?: Version | undefined;
}

/** One line of the wire. */
interface SeenLine {
  readonly frame: Frame;
  readonly from: Sender;
  readonly reading: Reading;
  /** The version of the connection as far as it is known before this line. */
  readonly version: Version | undefined;
}

/** A message that was spread over several lines, of which `frame` is the first. */
interface SeenSpread {
  readonly frame: Frame;
  readonly lines: number;
  /** All of the lines. */
  readonly text: string;
  readonly version: Version | undefined;
}

/** A line that is no message. */
export interface SeenLoose extends LooseLine {
  readonly version: Version | undefined;
  /** True for what a server broke off in when it was told to end. */
  readonly isCutOff: boolean;
}

/** When a frame came. */
type Moment = Pick<Frame, 'n' | 'us' | 'endUs'>;

/** A request, kept for as long as something may refer to it; what it held only while it waits for its answer. */
export interface Asked {
  /** Its frame, with as many of the bytes as a quote needs; with none once it does not wait any more. */
  frame: Frame;
  readonly from: Sender;
  readonly id: IdText;
  readonly method: string;
  /** Undefined, too, once it does not wait any more. */
  params: unknown;
  /** The version that it is written in, or that its connection agreed on. */
  readonly version: Version | undefined;
  /** When it was called off. */
  cancelled: Moment | undefined;
  /** When it was answered. */
  answered: Moment | undefined;
  /** True where the answer said that it goes on as a task. */
  becameTask: boolean;
  /** True where whoever was asked cannot help it if no answer came: one was not passed on, or the request is not its sender's own. */
  isWithheld: boolean;
}

interface SeenMessage {
  readonly frame: Frame;
  readonly from: Sender;
  readonly version: Version | undefined;
  /** True for an item of a JSON array. */
  readonly inBatch: boolean;
}

export interface SeenRequest extends SeenMessage {
  readonly reading: RequestReading;
  readonly asked: Asked;
}

export interface SeenNotification extends SeenMessage {
  readonly reading: NotificationReading;
}

export interface SeenAnswer extends SeenMessage {
  readonly reading: ResultReading | ErrorReading;
  /** The request that it answers; undefined for an answer to nothing. */
  readonly asked: Asked | undefined;
  /** For an answer to nothing: the request with this id that was answered before. */
  readonly again: Asked | undefined;
  /** For an answer to nothing: the waiting request whose id differs in nothing but its JSON type. */
  readonly flipped: Asked | undefined;
  /** For an answer to nothing: true where it may answer a request that is not remembered any more. */
  readonly isOld: boolean;
}

/** The server's process ended. */
export interface SeenExit {
  readonly us: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** What ended it, where it did not end by itself: the end of its input, or a signal that it was sent. */
  readonly asked: 'eof' | 'signal' | undefined;
  /** True where a signal had to be sent long after its input had ended. */
  readonly ignoredEof: boolean;
  /** The requests to the server that it leaves unanswered, subscriptions and the probe of a legacy server apart. */
  readonly waiting: readonly Asked[];
  /** True where it ended on the probe for the era, as a legacy server may. */
  readonly atProbe: boolean;
  /** The last line of its stderr that says something. */
  readonly stderr: string | undefined;
  readonly version: Version | undefined;
}

/** Nothing more comes, or nothing more is known. */
interface SeenEnd {
  readonly us: number;
  /** As in {@link SeenExit}, those that still wait; none where its process ended. */
  readonly waiting: readonly Asked[];
}

/** What a check is shown, in order. What it has to know of the past, and {@link Past} does not, it keeps itself. */
export interface Check {
  line?(line: SeenLine): void;
  /** A message over several lines. It is shown as a message too. */
  spread?(seen: SeenSpread): void;
  /** A line that is no message. One that can be found in it is shown as well. */
  loose?(seen: SeenLoose): void;
  request?(seen: SeenRequest): void;
  notification?(seen: SeenNotification): void;
  answer?(seen: SeenAnswer): void;
  exit?(seen: SeenExit): void;
  end?(seen: SeenEnd): void;
}

/** What there may be to say of a breach. */
interface Details {
  /** The text that shows it, or what finds it where it is asked for; the frame's own text where none is given. */
  readonly quote?: string | (() => string | undefined) | undefined;
  /** The subject, which tells it from other breaches of a rule that is told once. */
  readonly about?: string;
}

/** Tells a breach. It becomes a finding only where the rule holds in the place's version and is not switched off. */
export type Report<Id extends string> = (rule: Id, place: Place, message: string, details?: Details) => void;

/** Rules that are checked together, since they need to know the same of the past. */
export interface Family {
  readonly rules: Rules;
  readonly check: (report: Report<string>, past: Past) => Check;
}

/** Puts rules and their check together; a check can tell breaches of its own rules only. */
export function family<const Table extends Readonly<Record<string, Rule>>>(
  rules: Table,
  check: (report: Report<Extract<keyof Table, string>>, past: Past) => Check,
): Family {
  return { rules, check };
}
