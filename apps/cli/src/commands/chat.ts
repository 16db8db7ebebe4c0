import { Session } from '@mcp-dbg/core';

import type { Chat as RunningChat } from '../chat/chat.ts';
import { ModelChoice } from '../chat/model-choice.ts';
import { SavedSession } from '../chat/saved-session.ts';
import { featuresFor } from '../asked/features-for.ts';
import { rootOf } from '../asked/roots.ts';
import { CliError, EXIT, exitOfSignal } from '../exit-code.ts';
import { type FaultRequest, asksForFaults } from '../faults/fault-request.ts';
import { faultsFor } from '../faults/faulty-session.ts';
import type { Io } from '../io.ts';
import { recordSession } from '../record-session.ts';
import { themeFor } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import { type ServerOptions, serversOf, sessionOptions } from '../server-options.ts';
import { serverAccess } from '../sign-in/server-access.ts';
import { APPROVALS_FILE, statePath } from '../state-folder.ts';

/** The options of `chat`, as commander gives them. */
export interface ChatOptions extends ServerOptions, FaultRequest {
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly model?: string;
  readonly prompt?: readonly string[];
  readonly yes?: boolean;
  readonly allow?: readonly string[];
  readonly maxRounds?: number;
  /** Seconds. */
  readonly wait?: number;
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
  using saved = await SavedSession.open(io, targets, command, options);
  const { servers } = saved;
  const faults = await faultsFor(options, servers, io.cwd);
  const { Approvals, ApprovalsFile, Chat, Dialogue, completionWorld, completions } = await import('../chat/index.ts');
  await using models = await ModelChoice.by(options.model, io);
  const model = models.first;
  const turns = saved.turnsFor(model);
  const recording = await recordSession(options.capture, servers.map(({ name }) => name).join('+'), io);
  const roots = options.root?.map((folder) => rootOf(folder, io.cwd));
  const opening = new AbortController();
  // Until the chat runs, whatever wants to end it ends its opening.
  let running: RunningChat | undefined;
  let open: Session | undefined;
  const leave = (exit: number): void =>
    running === undefined ? opening.abort(new CliError('INTERRUPTED', 'Interrupted', { exit })) : running.leave(exit);
  const isDialogue = options.prompt === undefined;
  const dialogue = new Dialogue(io, {
    json: options.json ?? false,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    severalServers: () => (open?.servers ?? servers).length > 1,
    isDialogue,
    complete: (line) => completions(line, completionWorld(open, models.known, io)),
    onInterrupt: () => (running === undefined || !isDialogue ? leave(EXIT.interrupted) : running.interrupt()),
    takesAtOnce: (line) => running?.takesAtOnce(line) ?? false,
    turn: () => running?.turn,
  });
  const { view, form } = dialogue;
  const stopListening = io.onSignal((signal) => {
    if (signal !== 'SIGINT' || !dialogue.isLent) leave(exitOfSignal(signal));
  });
  // Nobody reads any more, as after `| head`.
  io.stdout.on('error', () => running?.leave(EXIT.good));
  const approvals = new Approvals({
    yes: options.yes ?? false,
    allow: options.allow ?? [],
    ask: form && (async (question) => await form.ask(question)),
    warn: (message) => view.warn(message),
    file: new ApprovalsFile(statePath(io, APPROVALS_FILE)),
    cwd: io.cwd,
  });
  try {
    view.waiting('the server to start');
    await using session = await Session.open({
      ...sessionOptions(options),
      servers,
      turns,
      approve: async (route, args) => await approvals.approve(route, args),
      access: serverAccess(
        io,
        form && {
          say: (text) => form.say(text),
          sayWhole: (text) => dialogue.sayWhole(text),
          ask: async (question, signal) => await form.ask(question, undefined, signal),
        },
      ),
      features: featuresFor({
        ...(roots && { roots: () => roots }),
        model: () => open?.model ?? model,
        allowsAll: options.yes ?? false,
        byHand: options.manualInput ?? false,
        person: dialogue.person,
        warn: (message) => view.warn(message),
      }),
      signal: opening.signal,
      environment: io.env,
      ...faults({
        observe: recording.observe,
        tell: (server, message) => dialogue.server({ server, type: 'notice', message }),
        tellsAll: options.verbose ?? false,
      }),
      onEvent: (event) => dialogue.server(event),
      ...(model && { model }),
      ...(options.maxRounds !== undefined && { maxRounds: options.maxRounds }),
      ...(options.wait !== undefined && { patienceMs: options.wait * 1000 }),
    });
    open = session;
    await dialogue.ready();
    view.waiting(undefined);
    saved.follow(session, (message) => view.warn(message));
    view.say(
      model === undefined
        ? 'no model: /call TOOL {json} calls a tool, /help lists the commands'
        : `model: ${visible(model.name)}`,
    );
    running = new Chat(session, view, {
      form,
      wire: dialogue.wire,
      theme: themeFor(io.terminal.stdout, io.env),
      columns: () => dialogue.columns,
      roots,
      cwd: io.cwd,
      toggleVerbose: () => dialogue.toggleVerbose(),
      approvalWarnings: () => approvals.warnings(session.routes),
      findServer: async ({ targets: added, command: after, options: own }) => {
        const person = form && {
          say: (text: string) => dialogue.sayWhole(text),
          ask: async (question: string) => await form.ask(question),
        };
        const say = (note: string): void => view.warn(note);
        const [config] = await serversOf(added, after, own, io, { most: 1, company: { person, say } });
        if (config === undefined) throw new CliError('USAGE', 'Name a server');
        if (config.url !== undefined && asksForFaults(options))
          say('Faults need a process: none are put into the traffic of a server behind a URL');
        return config;
      },
      home: io.home,
      onAnswered: () => {
        saved.keep();
        const trouble = recording.trouble();
        if (trouble !== undefined) view.warn(trouble);
      },
      savedIn: () => saved.file,
      save: (file) => saved.save(file),
      changeModel: async (name) => await models.change(name, session),
    });
    const exit = await running.run(options.prompt ?? dialogue.queries());
    dialogue.closePrompt();
    view.waiting('the server to end');
    return exit;
  } catch (error) {
    opening.signal.throwIfAborted();
    throw error;
  } finally {
    view.waiting(undefined);
    saved.keep();
    stopListening();
    dialogue.close();
    recording.close();
  }
}
