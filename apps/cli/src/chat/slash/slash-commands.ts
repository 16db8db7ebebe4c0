import { CliError } from '../../exit-code.ts';
import { nearestWord } from '../../nearest-word.ts';
import { clear, history, model, save } from './conversation-commands.ts';
import { prompt, raw, read, reconnect, servers } from './server-commands.ts';
import { type SlashCommand, type SlashContext, cutWord } from './slash-context.ts';
import { call, tools } from './tool-commands.ts';
import { log, show, verbose } from './wire-commands.ts';

/** The commands of a chat; with them a person can be the model. */
export const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  help: { usage: '/help', what: 'list the commands', run: (_, { view }) => view.found(help()) },
  tools,
  call,
  read,
  prompt,
  raw,
  servers,
  reconnect,
  log,
  show,
  verbose,
  history,
  save,
  model,
  clear,
  quit: { usage: '/quit', what: 'leave, as Ctrl-D does', run: () => {} },
};

/** Runs a line that starts with `/`. Throws what a person should be told. */
export async function runSlashCommand(line: string, context: SlashContext): Promise<void> {
  const [word, rest] = cutWord(line.slice(1));
  const command = Object.hasOwn(SLASH_COMMANDS, word) ? SLASH_COMMANDS[word] : undefined;
  if (command === undefined) {
    const near = nearestWord(word, Object.keys(SLASH_COMMANDS));
    const meant = near === undefined ? '' : `; did you mean /${near}?`;
    throw new CliError('USAGE', `There is no command /${word}${meant} (/help lists them)`);
  }
  await command.run(rest, context);
}

const KEYS = `
Keys: Tab completes · Up and Ctrl-R bring lines back · \\ at the end of a line goes on below · Ctrl-C ends the turn ·
Ctrl-D leaves. What is typed while an answer comes waits for its turn.`;

function help(): string {
  const commands = Object.values(SLASH_COMMANDS);
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  return commands.map(({ usage, what }) => `  ${usage.padEnd(width)}  ${what}`).join('\n') + KEYS;
}
