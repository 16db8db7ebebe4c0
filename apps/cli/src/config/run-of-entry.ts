import { maskArgv } from '@mcp-dbg/capture/redact';

import type { Run } from '../approvals/approve-runs.ts';
import { commandText } from '../render/command-text.ts';
import { type UsableEntry, referencesOf } from './fill-entry.ts';

/** Variables by which whoever sets them decides what code a program runs: their values are shown too. */
const LOADERS =
  /^(?:PATH|ENV|BASH_ENV|SHELLOPTS|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|PYTHON.*|RUBY(?:OPT|LIB)|PERL5.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_.*|npm_config_.*|UV_.*|PIP_.*)$/i;

/** What is asked of a person before a server of a project's file is started: all that the file says of it. */
export function runOf(entry: UsableEntry): Run {
  const { name, source } = entry;
  if (entry.kind === 'http') {
    const { url, headers, headersFrom } = entry;
    const more = [listed('the headers', [...headers.keys(), ...headersFrom.keys()]), taken(entry)];
    return {
      name,
      shown: [url, ...more].join(''),
      noted: [...maskArgv([url]), ...more].join(''),
      whole: { url, headers: [...headers], headersFrom: [...headersFrom] },
    };
  }
  const { argv, env, passedOn, envFile, cwd } = entry;
  const variables = Array.from(env, ([key, value]) => (LOADERS.test(key) ? `${key}=${JSON.stringify(value)}` : key));
  const more = [
    ` (in ${JSON.stringify(cwd ?? source.folder)})`,
    listed('the variables', variables),
    envFile === undefined ? '' : `, with those of ${JSON.stringify(envFile)}`,
    taken(entry),
  ];
  return {
    name,
    shown: [commandText(argv), ...more].join(''),
    noted: [commandText(maskArgv(argv)), ...more].join(''),
    whole: { argv, env: [...env], passedOn, envFile, cwd, folder: source.folder },
  };
}

/** What it would be given of the person's environment. */
function taken(entry: UsableEntry): string {
  const referred = referencesOf(entry).flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
  const other =
    entry.kind === 'http' ? Array.from(entry.headersFrom.values(), ({ variable }) => variable) : entry.passedOn;
  return listed('your own', [...new Set([...referred, ...other])]);
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `, with ${what} ${names.join(', ')}`;
}
