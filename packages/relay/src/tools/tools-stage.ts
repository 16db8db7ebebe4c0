import type { IdText, Message, RequestReading } from '@mcp-dbg/wire';

import { calledOff } from '../continuity/continuity.ts';
import { isObject, textIn } from '../json-object.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { Stage, StageContext } from '../stage.ts';
import { type CallPlace, runOwnTool } from './run-own-tool.ts';
import { OwnAnswers } from './own-answers.ts';
import { OWN_TOOL_NAMES, type OwnToolName, isOwnTool, listedTool } from './own-tools.ts';
import type { PastErrors } from './past-errors.ts';
import type { ServerStory } from './server-story.ts';
import { hasNextPage, withTools, withToolsCapability } from './splice.ts';
import { type Asked, TrafficStory } from './traffic-story.ts';

/** JSON-RPC's "method not found". */
const METHOD_NOT_FOUND = -32601;

export interface ToolsStageOptions {
  readonly context: StageContext;
  readonly story: ServerStory;
  readonly errors: PastErrors;
  readonly capturePath: () => string | undefined;
  /** The version of mcp-dbg. */
  readonly ownVersion: string;
}

/** The stage of {@link relayTools}: our tools in the server's list, and answers to their calls. */
export class ToolsStage implements Stage {
  readonly #context: StageContext;
  readonly #story: ServerStory;
  readonly #errors: PastErrors;
  readonly #traffic: TrafficStory;
  readonly #answers: OwnAnswers;
  readonly #place: CallPlace;
  /** Calls of our tools that are not answered yet. */
  readonly #calls = new Set<IdText>();
  /** Names of ours that the server's own tools have, in the list that is being read or was read last. */
  readonly #taken = new Set<string>();
  #isClosed = false;

  constructor({ context, story, errors, capturePath, ownVersion }: ToolsStageOptions) {
    this.#answers = new OwnAnswers(ownVersion);
    this.#context = context;
    this.#traffic = new TrafficStory((text) => context.record({ kind: 'note', text }));
    this.#story = story;
    this.#errors = errors;
    this.#place = {
      server: context.server,
      story,
      errors,
      traffic: this.#traffic,
      answers: this.#answers,
      capturePath,
      sinceMs: performance.now(),
    };
  }

  fromClient(frame: RelayFrame): void {
    this.#traffic.frames.client++;
    const [message] = frame.messages;
    const isAlone = frame.messages.length === 1;
    if (isAlone && message?.kind === 'request' && this.#answersCall(message, frame)) return;
    const off = calledOff(frame);
    if (off !== undefined) {
      if (this.#calls.delete(off)) {
        this.#note('The client called off a call of a tool of ours; the server was not told', frame);
        return;
      }
      this.#traffic.calledOff(off);
    }
    for (const each of frame.messages)
      if (each.kind === 'request') this.#traffic.asked(this.#traffic.request(each, performance.now()));
    this.#context.toServer(frame);
  }

  fromServer(frame: RelayFrame): void {
    this.#traffic.frames.server++;
    const noise = this.#traffic.noiseIn(frame, Date.now());
    if (noise !== undefined) this.#errors.add(noise);
    let passed = frame;
    const { messages } = frame;
    for (const message of messages) {
      const asked = this.#traffic.answer(message);
      if (asked === undefined) continue;
      this.#judge(asked, message, frame);
      if (messages.length === 1) passed = this.#withOurs(asked, message, frame);
    }
    this.#context.toClient(passed);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Answers a call of a tool of ours; false where it is none. */
  #answersCall(request: RequestReading, frame: RelayFrame): boolean {
    const asked = this.#traffic.request(request, performance.now());
    const { id, tool } = asked;
    if (tool === undefined || !isOwnTool(tool) || this.#taken.has(tool)) return false;
    this.#note(`mcp-dbg answers the call of ${tool}; the server does not get it`, frame);
    this.#calls.add(id);
    const args = isObject(request.params) ? (request.params['arguments'] ?? {}) : {};
    void runOwnTool(tool, args, asked, this.#place)
      .catch((error: unknown) => this.#answers.refusal(asked, `${tool} failed: ${String(error)}`))
      .then((text) => {
        // Called off, it is not answered.
        if (!this.#calls.delete(id) || this.#isClosed) return;
        // By now another process may be there: a request is on record where its answer is.
        this.#context.show(frame);
        this.#context.toClient(RelayFrame.ours('server', text));
      });
    return true;
  }

  #judge(asked: Asked, message: Message, { by }: RelayFrame): void {
    const error = this.#traffic.judge(asked, message, performance.now(), Date.now());
    if (error === undefined) return;
    // What a dead process took along belongs to its crash.
    const pid = by !== undefined && message.kind === 'error' ? pidIn(message.error) : undefined;
    if (pid === undefined) this.#errors.add(error);
    else if (!this.#story.lost(pid, asked.method)) this.#errors.add({ ...error, kind: 'lost' });
  }

  /** The frame that the client gets: with our tools among the server's. */
  #withOurs(asked: Asked, message: Message, frame: RelayFrame): RelayFrame {
    switch (asked.method) {
      case 'initialize':
      case 'server/discover': {
        const text = withToolsCapability(message);
        return text === undefined ? frame : this.#changed(frame, text, 'That the server has tools was added');
      }
      case 'tools/list':
        return this.#listed(asked, message, frame);
      default:
        return frame;
    }
  }

  #listed(asked: Asked, message: Message, frame: RelayFrame): RelayFrame {
    const { version, cursor } = asked;
    if (message.kind === 'error') {
      const isUnknown = isObject(message.error) && message.error['code'] === METHOD_NOT_FOUND;
      if (!isUnknown) return frame;
      this.#taken.clear();
      const tools = OWN_TOOL_NAMES.map((name) => listedTool(name, version));
      return this.#changed(
        frame,
        this.#answers.list(asked, tools),
        'The server has no tools; the client is given ours',
      );
    }
    if (message.kind !== 'result') return frame;
    if (cursor === undefined) this.#taken.clear();
    for (const name of namesIn(message.result)) if (isOwnTool(name)) this.#take(name);
    if (hasNextPage(message.result)) return frame;
    const free = OWN_TOOL_NAMES.filter((name) => !this.#taken.has(name));
    const text = withTools(
      message,
      free.map((name) => JSON.stringify(listedTool(name, version))),
    );
    if (text === undefined || free.length === 0) return frame;
    return this.#changed(frame, text, `Tools were added: ${free.join(', ')}`);
  }

  #take(name: OwnToolName): void {
    this.#taken.add(name);
    this.#context.record({
      kind: 'note',
      text: `The server has a tool ${name} of its own; ours is left out`,
      from: 'server',
    });
  }

  #changed(frame: RelayFrame, text: string, what: string): RelayFrame {
    this.#note(what, frame);
    return RelayFrame.ours('server', text);
  }

  #note(text: string, { from, bytes }: RelayFrame): void {
    this.#context.record({ kind: 'note', text, from, original: bytes });
  }
}

function pidIn(error: unknown): number | undefined {
  const given = isObject(error) ? error['data'] : undefined;
  const pid = isObject(given) ? given['pid'] : undefined;
  return typeof pid === 'number' ? pid : undefined;
}

function namesIn(result: unknown): readonly string[] {
  const tools = isObject(result) ? result['tools'] : undefined;
  return Array.isArray(tools) ? tools.flatMap((tool: unknown) => textIn(tool, 'name') ?? []) : [];
}
