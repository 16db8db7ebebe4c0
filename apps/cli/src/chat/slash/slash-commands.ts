import { nearestWord } from '@mcp-dbg/capture';

import { CliError } from '../../exit-code.ts';
import { hanging } from '../../render/columns.ts';
import { clear, history, model, save } from './conversation-commands.ts';
import { complete, logLevel, root, subscribe, unsubscribe } from './news-commands.ts';
import { add, reconnect, servers, stop } from './roster-commands.ts';
import { prompt, raw, read } from './server-commands.ts';
import { type SlashCommand, type SlashContext, cutWord } from './slash-context.ts';
import { call, tools } from './tool-commands.ts';
import { log, show, verbose } from './wire-commands.ts';

/** The commands of a chat; with them a person can be the model. */
export const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  help: { usage: '/help', what: 'list the commands', run: showHelp },
  tools,
  call,
  read,
  prompt,
  raw,
  complete,
  subscribe,
  unsubscribe,
  'log-level': logLevel,
  root,
  servers,
  add,
  stop,
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

/** True for a line whose command need not wait for the end of what goes on. */
export function isAtOnce(line: string): boolean {
  const [word] = cutWord(line.trim().slice(1));
  return line.trim().startsWith('/') && Object.hasOwn(SLASH_COMMANDS, word) && SLASH_COMMANDS[word]?.isAtOnce === true;
}

/** Runs a line that starts with `/`. Throws what a person should be told. */
export async function runSlashCommand(line: string, context: SlashContext): Promise<void> {
  const [word, rest] = cutWord(line.slice(1));
  const command = Object.hasOwn(SLASH_COMMANDS, word) ? SLASH_COMMANDS[word] : undefined;
  if (command === undefined) {
    const near = nearestWord(word.toLowerCase(), Object.keys(SLASH_COMMANDS));
    const meant = near === undefined ? '' : `; did you mean /${near}?`;
    throw new CliError('USAGE', `There is no command /${word}${meant} (/help lists them)`);
  }
  await command.run(rest, context);
}

/** Columns that a terminal must have for a command and what it does to stand in one row. */
const WIDE = 110;

const KEYS: readonly (readonly [string, string])[] = [
  ['Tab', 'completes commands, names, arguments, values, paths'],
  ['Up, Ctrl-R', 'bring lines back'],
  ['\\ Enter', 'goes on in another line'],
  ['Ctrl-C', 'clears the line, or ends the turn'],
  ['Ctrl-D', 'leaves'],
];

function showHelp(_: string, { view, theme, columns }: SlashContext): void {
  const isNarrow = (columns() ?? WIDE) < WIDE;
  const rows = [...Object.values(SLASH_COMMANDS).map(({ usage, what }) => [usage, what] as const), ...KEYS];
  const width = Math.max(...rows.map(([usage]) => usage.length));
  const lines = rows.map(([usage, what]) =>
    isNarrow
      ? `${hanging(theme.tool(usage), columns(), '  ')}\n${hanging(what, columns(), '    ')}`
      : `  ${theme.tool(usage)}${' '.repeat(width - usage.length)}  ${what}`,
  );
  const atOnce = Object.entries(SLASH_COMMANDS).flatMap(([name, command]) =>
    command.isAtOnce === true ? [`/${name}`] : [],
  );
  const last = `What is typed while an answer comes waits for its turn, but for ${atOnce.join(', ')}.`;
  view.found([...lines, hanging(last, columns())].join('\n'));
}
