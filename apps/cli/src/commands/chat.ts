import { Session } from '@mcp-dbg/core';

import { approval } from '../chat/approval.ts';
import { Chat } from '../chat/chat.ts';
import { completions } from '../chat/completions.ts';
import { JsonView } from '../chat/json-view.ts';
import { linesOf } from '../chat/lines.ts';
import { Prompt } from '../chat/prompt.ts';
import { SavedSession } from '../chat/saved-session.ts';
import { SLASH_COMMANDS } from '../chat/slash-commands.ts';
import { TextView } from '../chat/text-view.ts';
import { chooseModel } from '../choose-model.ts';
import { CliError, EXIT, exitOfSignal } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { recordSession } from '../record-session.ts';
import { visible } from '../render/visible.ts';
import { type ServerOptions, sessionOptions } from '../server-options.ts';

/** The options of `chat`, as commander gives them. */
export interface ChatOptions extends ServerOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly model?: string;
  readonly prompt?: readonly string[];
  readonly yes?: boolean;
  readonly allow?: readonly string[];
  readonly maxRounds?: number;
  readonly save?: string;
  readonly resume?: string;
}

/** Talks to a model that uses the servers. Gives the exit code. */
export async function chat(
  io: Io,
  targets: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: ChatOptions,
): Promise<number> {
  const saved = await SavedSession.open(io, targets, command, options);
  const { servers } = saved;
  const model = await chooseModel(options.model, io);
  const turns = saved.turnsFor(model);
  const recording = await recordSession(options.capture, servers.map(({ name }) => name).join('+'), io);
  const shown = { verbose: options.verbose ?? false, severalServers: servers.length > 1 };
  const text = new TextView(io, shown);
  const view = options.json === true ? new JsonView(io, shown) : text;
  const opening = new AbortController();
  // Until the chat runs, whatever wants to end it ends its opening.
  let running: Chat | undefined;
  const leave = (exit: number): void =>
    running === undefined ? opening.abort(new CliError('INTERRUPTED', 'Interrupted', { exit })) : running.leave(exit);
  const isDialogue = options.prompt === undefined;
  const interrupt = (): void => (running === undefined || !isDialogue ? leave(EXIT.interrupted) : running.interrupt());
  const isInteractive = io.terminal.stdin && (io.terminal.stdout || io.terminal.stderr) && options.json !== true;
  const complete = (line: string): readonly string[] =>
    completions(line, {
      commands: Object.keys(SLASH_COMMANDS),
      servers: [],
      tools: new Map(running?.toolNames.map((name) => [name, undefined])),
      models: [],
      list: () => [],
    });
  const prompt = isInteractive ? new Prompt(io, { complete, onInterrupt: interrupt }) : undefined;
  if (prompt !== undefined) text.openLine = prompt;
  const ask =
    prompt &&
    (async (question: string) => {
      text.makeRoom();
      return await prompt.answer(question, running?.turn);
    });
  const stopListening = io.onSignal((signal) => leave(exitOfSignal(signal)));
  // Nobody reads any more, as after `| head`.
  io.stdout.on('error', () => running?.leave(EXIT.good));
  try {
    view.waiting('the server to start');
    await using session = await Session.open({
      ...sessionOptions(options),
      servers,
      turns,
      approve: approval({
        yes: options.yes ?? false,
        allow: options.allow ?? [],
        ask,
        onRefused: (message) => view.warn(message),
      }),
      signal: opening.signal,
      environment: io.env,
      observe: recording.observe,
      onEvent: (event) => view.server(event),
      ...(model && { model }),
      ...(options.maxRounds !== undefined && { maxRounds: options.maxRounds }),
    });
    view.waiting(undefined);
    saved.follow(session, (message) => view.warn(message));
    view.say(
      model === undefined
        ? 'no model: /call TOOL {json} calls a tool, /help lists the commands'
        : `model: ${visible(model.name)}`,
    );
    running = new Chat(session, view, {
      ask,
      toggleVerbose: () => (text.verbose = !text.verbose),
      onAnswered: () => saved.keep(),
    });
    const exit = await running.run(options.prompt ?? (prompt === undefined ? linesOf(io.stdin) : prompted(prompt)));
    prompt?.close();
    view.waiting('the server to end');
    return exit;
  } catch (error) {
    opening.signal.throwIfAborted();
    throw error;
  } finally {
    view.waiting(undefined);
    saved.keep();
    stopListening();
    prompt?.close();
    recording.close();
    await model?.[Symbol.asyncDispose]?.();
  }
}

async function* prompted(prompt: Prompt): AsyncGenerator<string, void> {
  for (let line = await prompt.line('> '); line !== undefined; line = await prompt.line('> ')) yield line;
}
