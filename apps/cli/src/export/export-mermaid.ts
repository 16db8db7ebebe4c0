import type { EventEntry, StderrEntry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { type Sender, peerOf } from '@mcp-dbg/wire';

import { FindingsByFrame } from '../findings-by-frame.ts';
import { headOf } from './frame-text.ts';
import { type Entries, type FrameMoment, inTimeOrder } from './in-time-order.ts';
import { type Step, eventStep, findingStep, frameStep } from './mermaid-step.ts';
import { mermaidText } from './mermaid-text.ts';
import { nameOfCapture } from './name-of-capture.ts';

/** Messages, and notes, that a diagram shows at most; a larger one cannot be read. */
const MAX_MESSAGES = 60;
const MAX_NOTES = 60;

/** Findings that are shown of one frame, and of whole connections, at most. */
const MAX_FINDINGS = 3;
const MAX_OF_CONNECTIONS = 10;

export interface MermaidOptions {
  /** True to put the diagram into a fence, as issues and pages of Markdown want it; false for the diagram alone. */
  readonly fence: boolean;
}

/**
 * The end of a capture as a sequence diagram for Mermaid: the last 60 messages with what happened between them. Numbers
 * are those of the frames that opened an exchange. Holds no more than it shows.
 */
export async function* exportMermaid(
  entries: Entries,
  findings: readonly CaptureFinding[],
  { fence }: MermaidOptions,
): AsyncGenerator<string, void, undefined> {
  const diagram = new Diagram(findings);
  for await (const moment of inTimeOrder(entries)) {
    if (moment.kind === 'frame') diagram.frame(moment);
    else if (moment.kind === 'stderr') diagram.stderr(moment);
    else diagram.event(moment);
  }
  const lines = diagram.lines();
  yield [...(fence ? ['```mermaid'] : []), ...lines, ...(fence ? ['```'] : []), ''].join('\n');
}

interface Kept {
  readonly step: Step;
  /** How many lines a note stands for. */
  readonly count: number;
}

class Diagram {
  readonly #findings: FindingsByFrame;
  readonly #steps: Kept[] = [];
  readonly #shown = { message: 0, note: 0 };
  #messages = 0;
  /** For a server that has no name. */
  #name = 'server';

  constructor(findings: readonly CaptureFinding[]) {
    this.#findings = new FindingsByFrame(findings);
  }

  frame(moment: FrameMoment): void {
    const server = moment.of.server ?? this.#name;
    const step = frameStep(moment, server);
    this.#add(step);
    // What is wrong with a line of noise is that it is one.
    if (step.kind === 'note') return;
    const found = this.#findings.ofFrame(moment.frame.n);
    for (const finding of found.slice(0, MAX_FINDINGS)) this.#add(findingStep(finding, server));
  }

  stderr({ bytes, server = this.#name }: StderrEntry): void {
    this.#add({ kind: 'note', over: 'server', server, text: headOf(bytes, 200).text, fold: 'stderr' });
  }

  event(entry: EventEntry): void {
    if (entry.event.t === 'open') this.#name = nameOfCapture(entry.event);
    const step = eventStep(entry, entry.server ?? this.#name);
    if (step !== undefined) this.#add(step);
  }

  lines(): readonly string[] {
    const last = this.#findings.ofConnections.slice(0, MAX_OF_CONNECTIONS);
    const steps = [
      ...this.#steps,
      ...last.map((finding) => ({ step: findingStep(finding, finding.server ?? this.#name), count: 1 })),
    ];
    const servers = new Map<string, string>();
    for (const { step } of steps) {
      const isOfClient = step.kind === 'note' && step.over === 'client';
      if (!isOfClient && !servers.has(step.server)) servers.set(step.server, `s${servers.size + 1}`);
    }
    if (servers.size === 0) servers.set(this.#name, 's1');
    return [
      'sequenceDiagram',
      '  participant client',
      ...[...servers].map(([name, id]) => `  participant ${id} as ${mermaidText(name)}`),
      ...this.#leftOut(),
      ...steps.map((kept) => `  ${lineOf(kept, servers)}`),
    ];
  }

  #leftOut(): readonly string[] {
    if (this.#messages === 0) return ['  Note over client: there are no messages'];
    const shown = this.#shown.message;
    return shown === this.#messages ? [] : [`  Note over client: the last ${shown} of ${this.#messages} messages`];
  }

  #add(step: Step): void {
    if (step.kind === 'message') this.#messages++;
    const last = this.#steps.at(-1);
    if (last !== undefined && isFolded(last.step, step)) {
      // Of stderr the last line tells most, of noise the first.
      const shown = step.kind === 'note' && step.fold === 'stderr' && step.text.trim() !== '' ? step : last.step;
      this.#steps[this.#steps.length - 1] = { step: shown, count: last.count + 1 };
      return;
    }
    this.#steps.push({ step, count: 1 });
    this.#shown[step.kind]++;
    while (this.#shown.message > MAX_MESSAGES || this.#shown.note > MAX_NOTES) {
      const first = this.#steps.shift();
      if (first === undefined) return;
      this.#shown[first.step.kind]--;
    }
  }
}

function isFolded(before: Step, step: Step): boolean {
  if (before.kind !== 'note' || step.kind !== 'note' || step.fold === undefined) return false;
  return before.fold === step.fold && before.server === step.server && before.over === step.over;
}

function lineOf({ step, count }: Kept, servers: ReadonlyMap<string, string>): string {
  const idOf = (sender: Sender): string => (sender === 'client' ? 'client' : (servers.get(step.server) ?? 's1'));
  if (step.kind === 'message') {
    return `${idOf(step.from)}${step.arrow}${idOf(peerOf(step.from))}: ${mermaidText(step.text)}`;
  }
  const what = step.fold === undefined ? '' : `${step.fold}${count === 1 ? '' : `, ${count} lines`}: `;
  return `Note over ${idOf(step.over)}: ${mermaidText(what + step.text)}`;
}
