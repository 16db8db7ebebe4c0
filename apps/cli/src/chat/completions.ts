import { SLASH_COMMANDS } from './slash-commands.ts';

/** Commands that go on with the name of a tool. */
const OF_TOOLS = /^(\/(?:call|tools)\s+)(\S*)$/;

/** The ways in which a line of a chat may go on: slash commands, and the names of tools after those that take one. */
export function completions(line: string, toolNames: readonly string[]): readonly string[] {
  const [, before, name = ''] = OF_TOOLS.exec(line) ?? [];
  if (before !== undefined) return toolNames.filter((each) => each.startsWith(name)).map((each) => before + each);
  return Object.keys(SLASH_COMMANDS)
    .map((each) => `/${each}`)
    .filter((each) => line !== '' && each.startsWith(line));
}
