import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, extname, join, resolve } from 'node:path';

import { CoreError } from './errors.ts';
import type { ServerConfig, StdioServer } from './server-config.ts';

/** Where we stand when a server is named: the folder that paths are relative to, and the environment. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes a server's configuration from what a person names: a script (.py .js .mjs .cjs .ts .mts .cts), any executable
 * file, a command on PATH, or an http(s) URL. The surroundings are this process's own, unless given. Relative paths are resolved once. The result is trusted, since a person named it.
 * Throws {@link CoreError} `BAD_SERVER` with the cause and the next step.
 */
export function resolveServer(
  target: string,
  surroundings: Surroundings = { cwd: process.cwd(), env: process.env },
): ServerConfig {
  if (/^https?:\/\//i.test(target)) return fromUrl(target);
  const url = urlMeant(target);
  if (target === '') throw bad(target, 'it names nothing; name a script, a program or a command');
  const path = resolve(surroundings.cwd, target);
  if (existsSync(path)) return resolveScript(path, surroundings, target);
  if (url !== undefined) throw bad(target, url);
  if (target.includes('/') || SCRIPTS.has(extname(target))) {
    throw bad(target, `there is no such file in ${dirname(path)}; check the path`);
  }
  const found = onPath(target, surroundings.env);
  if (found !== undefined) return { name: target, argv: [found], trusted: true };
  throw bad(
    target,
    `there is no such file, and no such command in PATH (${surroundings.env['PATH'] ?? 'which is not set'}); check the spelling, or install it`,
  );
}

/** Makes a server's configuration from a whole command, as it stands after `--`. */
export function commandServer(argv: readonly [string, ...string[]]): StdioServer {
  const script = argv.find((word) => SCRIPTS.has(extname(word)));
  return { name: nameOf(script ?? argv[0]), argv, trusted: true };
}

/** What to say of what looks like a URL and is none that servers have; undefined for all else. */
function urlMeant(target: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(target)) return 'a URL of a server begins with http:// or https://';
  const isAddress = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[\da-f:]+\]):\d{1,5}(?:\/|$)/i.test(target);
  return isAddress ? `there is no such file; if it is a URL, write http://${target}` : undefined;
}

const PYTHON = new Set(['.py']);
const JAVASCRIPT = new Set(['.js', '.mjs', '.cjs']);
const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);
const SCRIPTS = new Set([...PYTHON, ...JAVASCRIPT, ...TYPESCRIPT]);

function fromUrl(target: string): ServerConfig {
  if (!URL.canParse(target)) throw bad(target, 'it is not a URL; check its spelling');
  const url = new URL(target);
  return { name: url.hostname, url: url.href, trusted: false };
}

/**
 * Makes the configuration of a script or a program from its absolute path; `target` is what the person called it.
 * Throws {@link CoreError} `BAD_SERVER` with the cause and the next step.
 */
export function resolveScript(
  path: string,
  surroundings: Surroundings = { cwd: process.cwd(), env: process.env },
  target: string = path,
): StdioServer {
  if (statSync(path).isDirectory()) throw bad(target, "it is a folder; name the server's script in it");
  const kind = extname(path);
  const server = (...argv: readonly [string, ...string[]]): StdioServer => ({
    name: nameOf(path),
    argv,
    trusted: true,
  });
  if (PYTHON.has(kind)) return server(python(target, path, surroundings.env), path);
  if (JAVASCRIPT.has(kind)) return server(process.execPath, path);
  if (TYPESCRIPT.has(kind)) return server(...typescript(target, path, surroundings.env), path);
  if (isExecutable(path)) return server(path);
  throw bad(
    target,
    'it is neither a .py, .js or .ts script nor executable; run `chmod +x` on it, or put its interpreter before it: -- INTERPRETER ' +
      target,
  );
}

/** The Python of the active virtual environment, of one beside the script, or the system's. */
function python(target: string, script: string, env: Surroundings['env']): string {
  const beside = ancestors(dirname(script))
    .slice(0, 3)
    .flatMap((folder) => [join(folder, '.venv'), join(folder, 'venv')]);
  const active = env['VIRTUAL_ENV'] === undefined ? [] : [env['VIRTUAL_ENV']];
  const inVenv = [...active, ...beside].map((venv) => join(venv, 'bin', 'python')).find(isExecutable);
  const found = inVenv ?? onPath('python3', env) ?? onPath('python', env);
  if (found === undefined)
    throw bad(target, `neither python3 nor python is in PATH (${env['PATH'] ?? 'which is not set'}); install Python 3`);
  return found;
}

/** The Node in use where it strips types, else tsx from the script's folder or PATH. */
function typescript(target: string, script: string, env: Surroundings['env']): readonly [string, ...string[]] {
  if ('typescript' in process.features && process.features.typescript !== false) return [process.execPath];
  const local = ancestors(dirname(script))
    .map((folder) => join(folder, 'node_modules', '.bin', 'tsx'))
    .find(isExecutable);
  const tsx = local ?? onPath('tsx', env);
  if (tsx === undefined) {
    throw bad(
      target,
      `Node ${process.versions.node} does not run TypeScript; install tsx beside the script (npm install tsx) or use Node 22.18 or newer`,
    );
  }
  return [tsx];
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function onPath(command: string, env: Surroundings['env']): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, command))
    .find((file) => isExecutable(file) && !statSync(file).isDirectory());
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function nameOf(path: string): string {
  return basename(path, extname(path)) || path;
}

function bad(target: string, why: string): CoreError {
  return new CoreError('BAD_SERVER', `Cannot use ${JSON.stringify(target)} as a server: ${why}`);
}
