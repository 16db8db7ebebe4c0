/** A command line cut at its first `--`: what is ours, and what is one server's command, verbatim. */
export interface SplitArgv {
  readonly own: readonly string[];
  readonly command: readonly [string, ...string[]] | undefined;
}

/** Cuts argv before anything parses it, so that no flag of the server's can be taken for ours. */
export function splitArgv(argv: readonly string[]): SplitArgv {
  const cut = argv.indexOf('--');
  if (cut === -1) return { own: argv, command: undefined };
  const [file, ...args] = argv.slice(cut + 1);
  return { own: argv.slice(0, cut), command: file === undefined ? undefined : [file, ...args] };
}
