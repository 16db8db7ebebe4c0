import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Block, asTyped, commandsOf } from './blocks.ts';
import { chaosTables, faultActionTable } from './fault-tables.ts';
import { filterKeyTables } from './filter-key-tables.ts';
import { ruleTables } from './rule-tables.ts';
import { serversTable } from './servers-table.ts';
import { Stage } from './stage.ts';
import { cutLine } from './steady.ts';

/** Makes the body of a block anew. Undefined where this machine lacks what the block says it needs. */
export async function makeBlock(block: Block, root: string): Promise<string | undefined> {
  const needed = /\bneeds (\S+)/.exec(block.argument)?.[1];
  if (needed !== undefined && spawnSync(needed, ['--version']).error !== undefined) return undefined;
  const body = await made(block, root);
  if (block.kind !== 'commands' && /^```/m.test(body)) throw new Error('The text of a block would end it.');
  return body;
}

async function made(block: Block, root: string): Promise<string> {
  using stage = new Stage(root);
  switch (block.kind) {
    case 'transcript':
      return await transcript(block, stage);
    case 'help':
      return await help(stage, block.argument);
    case 'snippet':
      return snippet(block.argument, root);
    case 'commands':
      return await commandPages(stage);
    case 'filter keys':
      return filterKeyTables();
    case 'fault actions':
      return faultActionTable();
    case 'chaos':
      return chaosTables();
    case 'rules':
      return ruleTables(await stage.run('mcp-dbg lint --rules'), await stage.run('mcp-dbg lint --rules --json'));
    case 'servers':
      return serversTable(readFileSync(join(root, 'docs/transcripts/servers.json'), 'utf8'));
  }
}

async function transcript({ body, argument }: Block, stage: Stage): Promise<string> {
  const longest = Number(/\bcut (\d+)/.exec(argument)?.[1] ?? Infinity);
  let shown = '';
  for (const command of commandsOf(body)) {
    const output = await stage.run(asTyped(command));
    // It would be run as a command the next time.
    if (/^\$ /m.test(output)) throw new Error(`This prints a line that looks like a command: ${command}`);
    shown += `${command}\n${cutLines(output, longest)}`;
  }
  return shown;
}

/** A line of JSON is cut where the block asks for it; all else is shown whole. */
function cutLines(text: string, longest: number): string {
  const cut = (line: string): string => (line.trimStart().startsWith('{') ? cutLine(line, longest) : line);
  return text.split('\n').map(cut).join('\n');
}

/** A whole file, or what stands between `// #region NAME` and `// #endregion` in it. */
function snippet(argument: string, root: string): string {
  const [path = '', name] = argument.split('#');
  const text = readFileSync(join(root, path), 'utf8');
  if (name === undefined) return text;
  const region = new RegExp(`^([ \\t]*)// #region ${name}\\n([\\s\\S]*?)^[ \\t]*// #endregion`, 'm').exec(text);
  if (region === null) throw new Error(`${path} has no region ${name}`);
  const [, indent = '', lines = ''] = region;
  return lines.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

async function help(stage: Stage, command: string): Promise<string> {
  return `${(await stage.run(`mcp-dbg ${command} --help`)).trimEnd()}\n`;
}

/** Each command of the program: a row that says what it is for, its help, and the helps of commands below it. */
async function commandPages(stage: Stage): Promise<string> {
  const commands = commandList(await stage.run('mcp-dbg --help'));
  const rows = commands.map(({ name, what }) => `| [\`${name}\`](#${name}) | ${sentence(what)} |\n`);
  let text = `| command | what it does |\n|---|---|\n${rows.join('')}`;
  for (const { name } of commands) {
    const own = await help(stage, name);
    text += `\n## ${name}\n\n\`\`\`text\n${own}\`\`\`\n`;
    for (const below of commandList(own)) text += `\n\`\`\`text\n${await help(stage, `${name} ${below.name}`)}\`\`\`\n`;
  }
  return text;
}

/** The commands that the program's own help lists, without `help` itself. */
export function commandList(help: string): readonly { readonly name: string; readonly what: string }[] {
  const [, list = ''] = /^Commands:\n((?: .*\n)*)/m.exec(help) ?? [];
  const commands: { name: string; what: string }[] = [];
  for (const line of list.split('\n')) {
    const [, name, what = ''] = /^ {2}(\w[\w-]*)(?: [[<].*?)? {2,}(\S.*)$/.exec(line) ?? [];
    const last = commands.at(-1);
    if (name !== undefined) commands.push({ name, what });
    else if (last !== undefined && line.trim() !== '') last.what += ` ${line.trim()}`;
  }
  return commands.filter(({ name }) => name !== 'help');
}

function sentence(what: string): string {
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}.`.replaceAll('|', '\\|');
}
