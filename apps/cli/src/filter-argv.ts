/** The commands whose words are a capture and a filter. */
const READING_COMMANDS: ReadonlySet<string> = new Set(['log', 'show', 'stats', 'lint', 'export', 'redact']);

/** What can only be a term of the filter: `-is:noise`, `-params.city=Paris`, `-/re/`, `-"two words"`, `-(a or b)`. */
const NEGATIVE_TERM = /^-(?:["'/(]|[a-z][\w.]*:|[a-z][^\s:=<>!~]+(?:!=|[<>]=?|[=~]))/i;

/** True for a command line of a command that takes a filter: then `--` begins no server's command. */
export function takesFilter([command = '']: readonly string[]): boolean {
  return READING_COMMANDS.has(command);
}

/**
 * Writes the negative terms of a filter so that they cannot be taken for options: `-tool:ping`, of which a parser of
 * options makes `-t`, becomes `not tool:ping`. Options stay as they are, since none has a `:` or an operator behind one
 * dash. What follows `--` is filter, verbatim.
 */
export function filterArgv(argv: readonly string[]): readonly string[] {
  const cut = argv.indexOf('--');
  const own = cut === -1 ? argv : argv.slice(0, cut);
  return [
    ...own.flatMap((word) => (NEGATIVE_TERM.test(word) ? ['not', word.slice(1)] : [word])),
    ...argv.slice(own.length),
  ];
}
