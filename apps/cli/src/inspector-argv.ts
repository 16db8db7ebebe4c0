import type { ServerCommand } from './connecting.ts';

/** Flags of the Inspector's CLI that take one value, and what they are here; undefined for what is told in another way. */
const FLAGS: Readonly<Record<string, string | undefined>> = {
  '-e': '-e',
  '--header': '--header',
  '--cwd': '--cwd',
  '--config': '--config',
  '--server': '--server',
  '--protocol-era': '--era',
  '--output': '-o',
  '--method': undefined,
  '--tool-name': undefined,
  '--tool-arg': undefined,
  '--tool-args-json': undefined,
  '--uri': undefined,
  '--prompt-name': undefined,
  '--prompt-args': undefined,
  '--log-level': undefined,
  '--server-url': undefined,
  '--transport': undefined,
  '--format': undefined,
  '--connect-timeout': undefined,
};

/** Flags of the Inspector that take all words up to the next flag. */
const VARIADIC: ReadonlySet<string> = new Set(['--tool-arg', '--prompt-args', '--header']);

/** A command line of the Inspector, taken apart. */
interface Asked {
  /** Words that are no flags: the server's command, or its URL. */
  readonly server: readonly string[];
  /** Flags that are the same here. */
  readonly kept: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/**
 * The command line that does here what one of the MCP Inspector's CLI asks for (`--cli … --method tools/call …`), to be
 * shown to whoever comes from there; `command` is what stood after `--`. Undefined where it names no method.
 */
export function fromInspector(argv: readonly string[], command: ServerCommand): string | undefined {
  const { server, kept, values } = takenApart(argv);
  const one = (flag: string): string => values.get(flag)?.at(-1) ?? '';
  const method = one('--method');
  if (method === '') return undefined;
  const [own, ...asked] = wordsFor(method, one, values);
  const url = one('--server-url');
  const target = url === '' ? (command ?? server) : [url];
  const isCommand = target.length > 1 || command !== undefined;
  const words = [own, ...(isCommand ? [] : target), ...asked, ...kept, ...(own === 'raw' ? [] : ['--json'])];
  return ['mcp-dbg', ...words, ...(isCommand ? ['--', ...target] : [])].map(quoted).join(' ');
}

function takenApart(argv: readonly string[]): Asked {
  const server: string[] = [];
  const kept: string[] = [];
  const values = new Map<string, string[]>();
  const words = argv.filter((word) => word !== '--cli');
  for (let at = 0; at < words.length; at++) {
    const flag = words[at] ?? '';
    if (!flag.startsWith('-')) server.push(flag);
    else if (Object.hasOwn(FLAGS, flag)) {
      do {
        const value = words[++at] ?? '';
        const same = FLAGS[flag];
        if (same !== undefined) kept.push(same, value);
        values.set(flag, [...(values.get(flag) ?? []), value]);
      } while (VARIADIC.has(flag) && words[at + 1]?.startsWith('-') === false && /[=:]/.test(words[at + 1] ?? ''));
    }
  }
  return { server, kept, values };
}

function wordsFor(
  method: string,
  one: (flag: string) => string,
  values: Asked['values'],
): readonly [string, ...string[]] {
  switch (method) {
    case 'initialize':
      return ['info'];
    case 'tools/list':
      return ['tools'];
    case 'tools/call': {
      const json = one('--tool-args-json');
      return [
        'call',
        one('--tool-name'),
        ...(values.get('--tool-arg') ?? []),
        ...(json === '' ? [] : ['--args', json]),
      ];
    }
    case 'resources/list':
    case 'resources/templates/list':
      return ['resources'];
    case 'resources/read':
      return ['read', one('--uri')];
    case 'prompts/list':
      return ['prompts'];
    case 'prompts/get':
      return ['prompt', one('--prompt-name'), ...(values.get('--prompt-args') ?? [])];
    case 'logging/setLevel':
      return ['raw', method, JSON.stringify({ level: one('--log-level') })];
    default:
      return ['raw', method];
  }
}

/** A word as a shell takes it for itself. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
