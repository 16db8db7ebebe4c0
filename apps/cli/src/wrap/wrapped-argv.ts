import { splitArgv } from '../split-argv.ts';

/** A command line that starts a server by our proxy. */
export interface WrappedArgv {
  /** What starts us, before the word `proxy`. */
  readonly program: readonly string[];
  /** The options of the proxy. */
  readonly options: readonly string[];
  /** The command of the server, which stands behind `--`. */
  readonly original: readonly [string, ...string[]];
}

/** Our program by its name, alone or with a version as npx takes it. */
const NAME = /^(?:.*[/\\])?mcp-dbg(?:@[^/\\]*)?(?:\.(?:cmd|exe|ps1))?$/;
/** The built program: of an installed package, or in a clone. */
const BUILT = /[/\\](?:mcp-dbg(?:@[^/\\]*)?|apps[/\\]cli)[/\\]dist[/\\]bin\.js$/;

/** Reads a command line as a wrap, made by hand or by any copy of us; undefined where it is none. `bin` is our own program. */
export function wrappedIn(argv: readonly string[], bin?: string): WrappedArgv | undefined {
  const at = argv.indexOf('proxy');
  const before = argv[at - 1];
  if (before === undefined || argv.indexOf('--') < at) return undefined;
  if (!NAME.test(before) && !BUILT.test(before) && before !== bin) return undefined;
  const { own, command } = splitArgv(argv.slice(at + 1));
  return command === undefined ? undefined : { program: argv.slice(0, at), options: own, original: command };
}
