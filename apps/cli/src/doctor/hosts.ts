import type { Io } from '../io.ts';

/** A program that starts servers, or a person at a terminal. */
export type HostId = 'terminal' | 'claude-code' | 'vscode' | 'cursor' | 'claude-desktop';

/** How a host starts the servers that its configuration names. */
export interface Host {
  readonly id: HostId;
  readonly title: string;
  /** `whole`: all variables of the shell. `safe`: the few that the SDKs pass on. */
  readonly variables: 'whole' | 'safe';
  /** Where it runs a server whose configuration names no folder. */
  readonly folder: 'here' | 'home' | 'root';
  /** Folders of PATH on macOS for a program that was not started from a shell; undefined: the shell's PATH. */
  readonly macPath?: string;
  /** Milliseconds after which it gives up on the first answer, where it does. */
  readonly limitMs?: number;
}

/** PATH of the programs that a desktop starts: launchd's, and with the folders that Claude Desktop puts before them. */
const LAUNCHD = '/usr/bin:/bin:/usr/sbin:/sbin';
const CLAUDE_ON_MAC = `/usr/local/bin:/opt/homebrew/bin:${LAUNCHD}`;
/** The same of a desktop on Linux, as systemd has it. */
const SYSTEMD = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** All that can be stood in for. The first three start servers alike: they hand on what their shell gave them. */
export const HOSTS: readonly Host[] = [
  { id: 'terminal', title: 'terminal', variables: 'whole', folder: 'here' },
  { id: 'claude-code', title: 'Claude Code', variables: 'whole', folder: 'here', limitMs: 30_000 },
  { id: 'vscode', title: 'VS Code', variables: 'whole', folder: 'here' },
  { id: 'cursor', title: 'Cursor', variables: 'safe', folder: 'home', macPath: LAUNCHD, limitMs: 60_000 },
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    variables: 'safe',
    folder: 'root',
    macPath: CLAUDE_ON_MAC,
    limitMs: 60_000,
  },
];

/** The world that hosts live in. */
export type Surroundings = Pick<Io, 'env' | 'cwd' | 'home' | 'platform'>;

/** What a host without a terminal hands on, beside PATH (the list of the MCP SDKs). */
const SAFE: readonly string[] = ['HOME', 'LOGNAME', 'SHELL', 'USER'];

/** The whole environment that a host gives to a server. */
export function environmentOf(host: Host, { env, platform }: Surroundings): Readonly<Record<string, string>> {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  // On Windows programs of the desktop and of a terminal have one environment.
  if (host.variables === 'whole' || platform === 'win32') return Object.fromEntries(given);
  // A shell function (a value that begins with `()`) is code, so the SDKs leave it behind.
  const safe = given.filter(([name, value]) => SAFE.includes(name) && !value.startsWith('()'));
  const path = platform === 'darwin' ? host.macPath : SYSTEMD;
  return { ...Object.fromEntries(safe), ...(path !== undefined && { PATH: path }) };
}

/** The folder in which a host runs a server that names none. */
export function folderOf({ folder }: Host, { cwd, home }: Surroundings): string {
  switch (folder) {
    case 'here':
      return cwd;
    case 'home':
      return home;
    case 'root':
      return '/';
  }
}
