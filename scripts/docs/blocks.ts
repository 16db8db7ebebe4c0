/**
 * What a block shows: console transcripts, the help of a command, a piece of a file; or all commands, all keys of the
 * filter language, all rules, all servers that were tried, all actions of faults, all presets of them.
 */
type BlockKind =
  | 'transcript'
  | 'help'
  | 'snippet'
  | 'commands'
  | 'filter keys'
  | 'rules'
  | 'servers'
  | 'fault actions'
  | 'chaos';

/** A part of a page that the docs script makes. `open` and `close` stand around `body` and are kept. */
export interface Block {
  readonly kind: BlockKind;
  /** What stands behind the kind in its comment. */
  readonly argument: string;
  readonly open: string;
  readonly body: string;
  readonly close: string;
}

const FENCED = /(<!-- (transcript|help|snippet)(?:: ([^\n]*?))? -->\n```\w+\n)([\s\S]*?)(```\n)/;
const LISTED =
  /(<!-- (commands|filter keys|rules|servers|fault actions|chaos)() -->\n)([\s\S]*?)(<!-- end of \2 -->\n)/;
const BLOCK = new RegExp(`${LISTED.source}|${FENCED.source}`, 'g');

/** Cuts a page into text that people wrote and blocks. Joined again it is the same page. */
export function partsOf(page: string): readonly (string | Block)[] {
  const parts: (string | Block)[] = [];
  let end = 0;
  for (const match of page.matchAll(BLOCK)) {
    const groups = match[1] === undefined ? match.slice(6) : match.slice(1);
    const [open = '', kind = '', argument = '', body = '', close = ''] = groups;
    parts.push(page.slice(end, match.index), { kind: kind as BlockKind, argument, open, body, close });
    end = match.index + match[0].length;
  }
  return [...parts, page.slice(end)];
}

/** The console blocks of a page that nothing makes, by the line they start at. */
export function handWritten(page: string): readonly number[] {
  let line = 1;
  const found: number[] = [];
  for (const part of partsOf(page)) {
    const text = typeof part === 'string' ? part : part.open + part.body + part.close;
    if (typeof part === 'string')
      for (const [index, row] of text.split('\n').entries()) if (/^\s*```console\b/.test(row)) found.push(line + index);
    line += text.split('\n').length - 1;
  }
  return found;
}

/** The commands of a transcript, each as the lines that show it. A line that ends in `\` goes on behind `> `. */
export function commandsOf(transcript: string): readonly string[] {
  const commands: string[] = [];
  let open = false;
  for (const line of transcript.split('\n')) {
    if (line.startsWith('$ ')) commands.push(line);
    else if (open && line.startsWith('> ')) commands.push(`${commands.pop() ?? ''}\n${line}`);
    else continue;
    open = line.endsWith('\\');
  }
  return commands;
}

/** What the shell is given for a command as it is shown. */
export function asTyped(shown: string): string {
  return shown
    .split('\n')
    .map((line) => line.slice(2))
    .join('\n');
}
