import type { IdText, Message, RequestReading } from '@mcp-dbg/wire';

import { changedFrame } from '../changed-frame.ts';
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

/** A call of a tool of ours. */
interface OwnCall {
  readonly tool: OwnToolName;
  readonly asked: Asked;
  readonly message: RequestReading;
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
    const calls = this.#callsIn(frame);
    if (calls.length > 0) this.#answerCalls(calls, frame);
    else this.#passOn(frame);
  }

  fromServer(frame: RelayFrame): void {
    this.#traffic.frames.server++;
    const noise = this.#traffic.noiseIn(frame, Date.now());
    if (noise !== undefined) this.#errors.add(noise);
    const passed = changedFrame(frame, (message) => {
      const asked = this.#traffic.answer(message);
      if (asked === undefined) return message.text;
      this.#judge(asked, message, frame);
      return this.#withOurs(asked, message, frame);
    });
    this.#context.toClient(passed ?? frame);
  }

  close(): void {
    this.#isClosed = true;
  }

  #passOn(frame: RelayFrame): void {
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

  /** The calls of tools of ours in a frame. */
  #callsIn(frame: RelayFrame): readonly OwnCall[] {
    return frame.messages.flatMap((message) => {
      if (message.kind !== 'request' || message.method !== 'tools/call') return [];
      const asked = this.#traffic.request(message, performance.now());
      const { tool } = asked;
      return tool === undefined || !isOwnTool(tool) || this.#taken.has(tool) ? [] : [{ tool, asked, message }];
    });
  }

  /** Answers calls of tools of ours, those of a batch together; what else is in the frame goes on. */
  #answerCalls(calls: readonly OwnCall[], frame: RelayFrame): void {
    const ours = new Set<Message>(calls.map(({ message }) => message));
    const rest = changedFrame(frame, (message) => (ours.has(message) ? undefined : message.text));
    const own =
      rest === undefined ? frame : changedFrame(frame, (message) => (ours.has(message) ? message.text : undefined));
    const names = [...new Set(calls.map(({ tool }) => tool))].join(', ');
    this.#note(`mcp-dbg answers the call of ${names}; the server does not get it`, frame);
    for (const { asked } of calls) this.#calls.add(asked.id);
    void Promise.all(calls.map(async (call) => ({ id: call.asked.id, text: await this.#answerTo(call) }))).then(
      (all) => {
        // Called off, it is not answered.
        const texts = all.filter(({ id }) => this.#calls.delete(id)).map(({ text }) => text);
        if (texts.length === 0 || this.#isClosed) return;
        // By now another process may be there: a request is on record where its answer is.
        if (own !== undefined) this.#context.show(own);
        const isBatch = frame.reading.kind === 'batch';
        this.#context.toClient(RelayFrame.ours('server', isBatch ? `[${texts.join(',')}]` : texts.join('')));
      },
    );
    if (rest !== undefined) this.#passOn(rest);
  }

  async #answerTo({ tool, asked, message: { params } }: OwnCall): Promise<string> {
    const args = isObject(params) ? (params['arguments'] ?? {}) : {};
    try {
      return await runOwnTool(tool, args, asked, this.#place);
    } catch (error) {
      return this.#answers.refusal(asked, `${tool} failed: ${String(error)}`);
    }
  }

  #judge(asked: Asked, message: Message, { by }: RelayFrame): void {
    const error = this.#traffic.judge(asked, message, performance.now(), Date.now());
    if (error === undefined) return;
    // What a dead process took along belongs to its crash.
    const pid = by !== undefined && message.kind === 'error' ? pidIn(message.error) : undefined;
    if (pid === undefined) this.#errors.add(error);
    else if (!this.#story.lost(pid, asked.method)) this.#errors.add({ ...error, kind: 'lost' });
  }

  /** The text of the answer that the client gets: with our tools among the server's. */
  #withOurs(asked: Asked, message: Message, frame: RelayFrame): string {
    switch (asked.method) {
      case 'initialize':
      case 'server/discover': {
        const text = withToolsCapability(message);
        if (text !== undefined) this.#note('That the server has tools was added', frame);
        return text ?? message.text;
      }
      case 'tools/list':
        return this.#listed(asked, message, frame);
      default:
        return message.text;
    }
  }

  #listed(asked: Asked, message: Message, frame: RelayFrame): string {
    const { version, cursor } = asked;
    if (message.kind === 'error') {
      const isUnknown = isObject(message.error) && message.error['code'] === METHOD_NOT_FOUND;
      if (!isUnknown) return message.text;
      this.#taken.clear();
      const tools = OWN_TOOL_NAMES.map((name) => listedTool(name, version));
      this.#note('The server has no tools; the client is given ours', frame);
      return this.#answers.list(asked, tools);
    }
    if (message.kind !== 'result') return message.text;
    if (cursor === undefined) this.#taken.clear();
    for (const name of namesIn(message.result)) if (isOwnTool(name)) this.#take(name);
    if (hasNextPage(message.result)) return message.text;
    const free = OWN_TOOL_NAMES.filter((name) => !this.#taken.has(name));
    const text = withTools(
      message,
      free.map((name) => JSON.stringify(listedTool(name, version))),
    );
    if (text === undefined || free.length === 0) return message.text;
    this.#note(`Tools were added: ${free.join(', ')}`, frame);
    return text;
  }

  #take(name: OwnToolName): void {
    this.#taken.add(name);
    this.#context.record({
      kind: 'note',
      text: `The server has a tool ${name} of its own; ours is left out`,
      from: 'server',
    });
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
