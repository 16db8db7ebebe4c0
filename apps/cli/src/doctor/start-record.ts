import type { ConnectionEnd, ConnectionObserver, HttpEvent, ServerEvent } from '@mcp-dbg/core';
import type { ProcessEvent } from '@mcp-dbg/proxy';
import { type Finding, Linter } from '@mcp-dbg/protocol/lint';

import type { ProcessFacts } from './start-facts.ts';

/** Lines of stderr, and lines of noise on stdout, that are kept of one process. */
const MAX_LINES = 400;
const MAX_NOISE = 20;
/** Characters of such a line that are kept. */
const MAX_LINE = 1000;
const PROBE = 'server/discover';

interface Process {
  readonly linter: Linter;
  readonly stderr: string[];
  readonly noise: string[];
  readonly signals: NodeJS.Signals[];
  startedUs: number;
  probedUs: number | undefined;
  firstAnswerUs: number | undefined;
  end: ConnectionEnd | undefined;
}

/** Writes down what happens in one start of one server. */
export class StartRecord {
  readonly #clock: () => number;
  readonly #processes: Process[] = [];
  readonly #lint: Finding[] = [];
  #frames = 0;
  #silentMs: number | undefined;
  #readyUs: number | undefined;

  /** The clock gives microseconds since the start, nearly those of the session. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get processes(): readonly ProcessFacts[] {
    return this.#processes.map(({ startedUs, firstAnswerUs, stderr, noise, end, signals }) => ({
      firstAnswerMs: firstAnswerUs === undefined ? undefined : (firstAnswerUs - startedUs) / 1000,
      stderr,
      noise,
      end,
      signals,
    }));
  }

  get lint(): readonly Finding[] {
    return this.#lint;
  }

  /** How many frames crossed the wire. */
  get frames(): number {
    return this.#frames;
  }

  get silentMs(): number | undefined {
    return this.#silentMs;
  }

  /** Milliseconds from the start of the last process until its tools were listed. */
  get readyMs(): number {
    const started = this.#processes.at(-1)?.startedUs ?? 0;
    return ((this.#readyUs ?? started) - started) / 1000;
  }

  /** Watches the life of each process; what ends it is no event of the session. */
  observer(): ConnectionObserver {
    return { event: (event) => this.#live(event) };
  }

  see(event: ServerEvent): void {
    const process = this.#processes.at(-1);
    switch (event.type) {
      case 'server-started':
        if (process !== undefined) process.startedUs = event.us;
        return;
      case 'frame':
        this.#frames = event.frame.n;
        if (process !== undefined) this.#frame(process, event);
        return;
      case 'stderr':
        if (process === undefined) return;
        process.stderr.push(event.text.slice(0, MAX_LINE));
        // The head of a long output says as little as its middle: what went wrong stands at the end.
        if (process.stderr.length > MAX_LINES) process.stderr.shift();
        return;
      case 'server-ready':
        this.#readyUs = this.#clock();
        return;
      case 'server-ended':
        if (process === undefined) return;
        process.end = event;
        this.#lint.push(...process.linter.exit(event), ...process.linter.end(event.us));
        return;
      default:
        return;
    }
  }

  #live(event: ProcessEvent | HttpEvent): void {
    if (event.kind === 'spawn' || event.kind === 'connect') this.#processes.push(newProcess(event.kind, this.#clock()));
    const process = this.#processes.at(-1);
    if (process === undefined) return;
    // What follows the end of a process, or of its output, ends nothing any more.
    if (event.kind === 'signal') process.signals.push(event.signal);
    if (process.end !== undefined) return;
    if (event.kind === 'signal') process.linter.asksToEnd('signal', this.#clock());
    if (event.kind === 'eof' && event.from === 'client') process.linter.asksToEnd('eof', this.#clock());
  }

  #frame(process: Process, { frame, reading }: Extract<ServerEvent, { type: 'frame' }>): void {
    this.#lint.push(...process.linter.see(frame, reading));
    if (frame.from === 'client') {
      if (reading.kind !== 'request') return;
      if (reading.method === PROBE) process.probedUs = frame.endUs;
      else if (process.probedUs !== undefined && process.firstAnswerUs === undefined)
        this.#silentMs = (frame.endUs - process.probedUs) / 1000;
      return;
    }
    if (reading.kind === 'result' || reading.kind === 'error') process.firstAnswerUs ??= frame.endUs;
    if (reading.kind === 'not-json' && process.noise.length < MAX_NOISE)
      process.noise.push((reading.text ?? '').slice(0, MAX_LINE));
  }
}

/**
 * Rules of pipes and processes, which a server behind a URL does not have; and of the id, which is null where the status
 * of HTTP says what was wrong with a request.
 */
const LOCAL_RULES = ['stdio/*', 'process/*', 'json-rpc/id-null'];

function newProcess(kind: 'spawn' | 'connect', us: number): Process {
  return {
    linter: new Linter(kind === 'connect' ? { off: LOCAL_RULES } : {}),
    stderr: [],
    noise: [],
    signals: [],
    startedUs: us,
    probedUs: undefined,
    firstAnswerUs: undefined,
    end: undefined,
  };
}
