import { constants } from 'node:os';

import { Session } from '@mcp-dbg/core';

import { approval } from '../chat/approval.ts';
import { Chat } from '../chat/chat.ts';
import { JsonView } from '../chat/json-view.ts';
import { linesOf } from '../chat/lines.ts';
import { Prompt } from '../chat/prompt.ts';
import { SLASH_COMMANDS } from '../chat/slash-commands.ts';
import { TextView } from '../chat/text-view.ts';
import { chooseModel } from '../choose-model.ts';
import { EXIT } from '../exit-code.ts';
import type { EndingSignal, Io } from '../io.ts';
import { recordSession } from '../record-session.ts';
import { visible } from '../render/visible.ts';
import { type ServerOptions, serversOf } from '../server-options.ts';

/** The options of `chat`, as commander gives them. */
export interface ChatOptions extends ServerOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly model?: string;
  readonly prompt?: readonly string[];
  readonly yes?: boolean;
  readonly allow?: readonly string[];
  readonly maxRounds?: number;
}

/** Talks to a model that uses the servers. Gives the exit code. */
export async function chat(
  io: Io,
  targets: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: ChatOptions,
): Promise<number> {
  const servers = serversOf(targets, command, options, io);
  const model = await chooseModel(options.model, io);
  const recording = await recordSession(options.capture, servers.map(({ name }) => name).join('+'), io);
  const json = options.json ?? false;
  const shown = { verbose: options.verbose ?? false, severalServers: servers.length > 1 };
  const text = new TextView(io, shown);
  const view = json ? new JsonView(io, shown) : text;
  const isInteractive = io.terminal.stdin && options.prompt === undefined && !json;
  const opening = new AbortController();
  // Until the chat runs, whatever wants to end it ends its opening.
  let interrupt = (): void => opening.abort();
  let leave = (_exit: number): void => opening.abort();
  const complete = (line: string): readonly string[] => Object.keys(SLASH_COMMANDS).map((name) => `/${name}`).filter((name) => name.startsWith(line));
  const prompt = isInteractive ? new Prompt(io, complete, () => interrupt()) : undefined;
  const ask = prompt && (async (question: string) => {
    view.waiting(undefined);
    view.endLine();
    return await prompt.answer(question);
  });
  const approve = approval({ yes: options.yes ?? false, allow: options.allow ?? [], ask, onRefused: (message) => view.warn(message) });
  const stopListening = io.onSignal((signal) => leave(exitOf(signal)));
  try {
    view.waiting('the server to start');
    await using session = await Session.open({
      servers,
      approve,
      signal: opening.signal,
      environment: io.env,
      observe: recording.observe,
      onEvent: (event) => view.server(event),
      ...(model && { model }),
      ...(options.era && { era: options.era }),
      ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
      ...(options.probeTimeout !== undefined && { probeMs: options.probeTimeout * 1000 }),
      ...(options.maxRounds !== undefined && { maxRounds: options.maxRounds }),
    });
    view.waiting(undefined);
    for (const warning of session.routes.warnings) view.warn(warning);
    view.say(model === undefined ? 'no model: /call TOOL {json} calls a tool, /help lists the commands' : `model: ${visible(model.name)}`);
    const running = new Chat(session, view, {
      print: (line) => (json ? io.stderr : io.stdout).write(`${line}\n`),
      ask,
      toggleVerbose: () => (text.verbose = !text.verbose),
    });
    interrupt = () => running.interrupt();
    leave = (exit) => running.leave(exit);
    const queries = prompt === undefined ? (options.prompt ?? linesOf(io.stdin)) : prompted(prompt);
    return await running.run(queries);
  } catch (error) {
    if (opening.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    view.waiting(undefined);
    stopListening();
    prompt?.close();
    recording.close();
    await model?.[Symbol.asyncDispose]?.();
  }
}

async function* prompted(prompt: Prompt): AsyncGenerator<string, void> {
  for (let line = await prompt.line('> '); line !== undefined; line = await prompt.line('> ')) yield line;
}

/** 130 for Ctrl-C, and what a shell makes of the other signals. */
function exitOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}
