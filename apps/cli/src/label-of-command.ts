import { maskArgv } from '@mcp-dbg/capture';

/** Programs that run another, which is the one worth naming. */
const RUNNERS: ReadonlySet<string> = new Set(
  'bash bun bunx cmd deno dlx docker env exec node nodejs npm npx pnpm podman py python python3 run sh tool tsx uv uvx yarn'.split(
    ' ',
  ),
);

const SCRIPT = /\.(?:py|[cm]?[jt]s)$/;

/** A short name for a server after its command: `weather` for `python3 /srv/weather.py`. Holds no secret of the command line. */
export function labelOfCommand(command: readonly string[]): string {
  const words = maskArgv(command).filter((word) => !/^-|[=*\s]/.test(word));
  const chosen = words.find((word) => SCRIPT.test(word)) ?? words.find((word) => !RUNNERS.has(nameOf(word)));
  return nameOf(chosen ?? command[0] ?? '');
}

/** The last part of a path or of a package's name, without extension or version. */
function nameOf(word: string): string {
  const last = word.split(/[/\\]/).findLast((part) => part !== '') ?? word;
  return last.replace(SCRIPT, '').replace(/(?<=.)@.*$/, '');
}
