import { join } from 'node:path';

import type { Io } from '../io.ts';
import type { Dialect } from './dialect.ts';

/** The applications whose config files are read; `plain` is a file that no host owns. */
export type HostId =
  | 'claude-desktop'
  | 'claude-code'
  | 'vscode'
  | 'cursor'
  | 'windsurf'
  | 'codex'
  | 'copilot'
  | 'plain';

/** What a search for config files has to know of the world. */
export type World = Pick<Io, 'cwd' | 'home' | 'env' | 'platform'>;

/** What is known of a host's config files. */
export interface Host {
  /** What people call it. */
  readonly name: string;
  readonly format: 'json' | 'toml';
  /** The members that may hold its servers, by name. */
  readonly keys: readonly string[];
  readonly dialect: Dialect;
  /** Where its servers run: a program with windows is started in the home folder, a command in the current one. */
  readonly startsIn: 'home' | 'cwd';
  /** The person's own files. */
  readonly userFiles: (world: World) => readonly string[];
  /** Its files in a project's folder. */
  readonly projectFiles: readonly string[];
}

const NOTHING: Dialect = { variables: 'none', unset: 'kept', editor: false, inputs: false, files: false };
const SHELL: Dialect = { ...NOTHING, variables: 'braces' };

/** All hosts. Their documentation, or their source where it is public, says where the files are and what is filled in. */
export const HOSTS: Readonly<Record<HostId, Host>> = {
  'claude-desktop': {
    name: 'Claude Desktop',
    format: 'json',
    keys: ['mcpServers'],
    dialect: NOTHING,
    startsIn: 'home',
    userFiles: (world) => [join(configFolder(world), 'Claude', 'claude_desktop_config.json')],
    projectFiles: [],
  },
  'claude-code': {
    name: 'Claude Code',
    format: 'json',
    keys: ['mcpServers'],
    dialect: SHELL,
    startsIn: 'cwd',
    userFiles: ({ home, env }) => [join(given(env, 'CLAUDE_CONFIG_DIR') ?? home, '.claude.json')],
    projectFiles: ['.mcp.json'],
  },
  vscode: {
    name: 'VS Code',
    format: 'json',
    keys: ['servers', 'mcpServers'],
    dialect: { variables: 'named', unset: 'empty', editor: true, inputs: true, files: false },
    startsIn: 'home',
    userFiles: (world) =>
      ['Code', 'Code - Insiders'].map((product) => join(configFolder(world), product, 'User', 'mcp.json')),
    projectFiles: ['.vscode/mcp.json'],
  },
  cursor: {
    name: 'Cursor',
    format: 'json',
    keys: ['mcpServers'],
    dialect: { ...NOTHING, variables: 'named', editor: true },
    startsIn: 'cwd',
    userFiles: ({ home }) => [join(home, '.cursor', 'mcp.json')],
    projectFiles: ['.cursor/mcp.json'],
  },
  windsurf: {
    name: 'Windsurf',
    format: 'json',
    keys: ['mcpServers'],
    dialect: { ...NOTHING, variables: 'named', files: true },
    startsIn: 'home',
    userFiles: ({ home }) =>
      ['windsurf', 'windsurf-next', '.'].map((channel) => join(home, '.codeium', channel, 'mcp_config.json')),
    projectFiles: [],
  },
  codex: {
    name: 'Codex',
    format: 'toml',
    keys: ['mcp_servers'],
    dialect: NOTHING,
    startsIn: 'cwd',
    userFiles: ({ home, env }) => [join(given(env, 'CODEX_HOME') ?? join(home, '.codex'), 'config.toml')],
    projectFiles: ['.codex/config.toml'],
  },
  copilot: {
    name: 'Copilot CLI',
    format: 'json',
    keys: ['mcpServers'],
    dialect: { ...SHELL, variables: 'shell' },
    startsIn: 'cwd',
    userFiles: ({ home, env }) => [join(given(env, 'COPILOT_HOME') ?? join(home, '.copilot'), 'mcp-config.json')],
    projectFiles: ['.github/mcp.json'],
  },
  plain: {
    name: 'no host',
    format: 'json',
    keys: ['mcpServers', 'servers'],
    dialect: { variables: 'any', unset: 'kept', editor: true, inputs: true, files: false },
    startsIn: 'cwd',
    userFiles: () => [],
    projectFiles: ['mcp.json'],
  },
};

/** The ids of all hosts. */
export const HOST_IDS: readonly HostId[] = Object.keys(HOSTS).filter((id): id is HostId => id in HOSTS);

/** Where programs with windows keep their settings. */
function configFolder({ home, env, platform }: World): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return given(env, 'APPDATA') ?? join(home, 'AppData', 'Roaming');
  return given(env, 'XDG_CONFIG_HOME') ?? join(home, '.config');
}

function given(env: World['env'], name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
