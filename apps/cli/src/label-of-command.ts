import { maskArgv } from '@mcp-dbg/capture/redact';

/** Programs that run another, which is the one worth naming. */
const RUNNERS: ReadonlySet<string> = new Set(
  'bash bun bunx cmd deno dlx docker env exec node nodejs npm npx pnpm podman py python python3 run sh tool tsx uv uvx yarn'.split(
    ' ',
  ),
);

const SCRIPT = /\.(?:py|[cm]?[jt]s)$/;

/** Names of scripts that say nothing, and of folders in which such scripts stand: the next folder up says more. */
const SAYING_NOTHING: ReadonlySet<string> = new Set(
  '__main__ app bin build cli cmd dist index lib main mcp mcp-server mcp_server out run server src start stdio'.split(
    ' ',
  ),
);

/** A short name for a server after its command: `weather` for `python3 /srv/weather.py`. Holds no secret of the command line. */
export function labelOfCommand(command: readonly string[]): string {
  const words = maskArgv(command).filter((word) => !/^-|[=*\s]/.test(word));
  const script = words.find((word) => SCRIPT.test(word));
  if (script !== undefined) return nameOfScript(script);
  return nameOf(words.find((word) => !RUNNERS.has(nameOf(word))) ?? command[0] ?? '');
}

/** The script's name, or `weather` for `weather/src/server.py`. */
function nameOfScript(path: string): string {
  const [file = path, ...folders] = partsOf(path).toReversed();
  const own = file.replace(SCRIPT, '');
  return [own, ...folders].find((part) => !SAYING_NOTHING.has(part.toLowerCase()) && !/^\.+$/.test(part)) ?? own;
}

/** The last part of a path or of a package's name, without extension or version. */
function nameOf(word: string): string {
  const last = partsOf(word).at(-1) ?? word;
  return last.replace(SCRIPT, '').replace(/(?<=.)@.*$/, '');
}

function partsOf(path: string): readonly string[] {
  return path.split(/[/\\]/).filter((part) => part !== '');
}
