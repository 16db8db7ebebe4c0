import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { findConfigs, namedConfig, projectFolders } from '../../src/config/find-configs.ts';
import { HOSTS, HOST_IDS, type World } from '../../src/config/hosts.ts';
import { machine } from './config-home.ts';

describe('config files are looked for', () => {
  test('in the current folder and above, up to the root of the repository', () => {
    const { home, project, options } = machine({
      '.mcp.json': '{}',
      'sub/.cursor/mcp.json': '{}',
      '../.mcp.json': '{}',
      '~/.cursor/mcp.json': '{}',
    });
    expect(projectFolders({ cwd: options.cwd, home })).toEqual([options.cwd, project]);
    const found = findConfigs({ cwd: options.cwd, home, env: {}, platform: 'linux' });
    expect(found).toEqual([
      { path: join(home, '.cursor/mcp.json'), host: 'cursor', scope: 'user', folder: options.cwd },
      { path: join(project, '.mcp.json'), host: 'claude-code', scope: 'project', folder: project },
      { path: join(project, 'sub/.cursor/mcp.json'), host: 'cursor', scope: 'project', folder: options.cwd },
    ]);
  });

  test('below the home folder, and nowhere above where neither says where the project ends', () => {
    const { home } = machine({});
    const [below, outside] = [join(home, 'work/here'), join(home, '../elsewhere/here')];
    for (const folder of [below, outside]) mkdirSync(folder, { recursive: true });
    expect(projectFolders({ cwd: below, home })).toEqual([below, join(home, 'work')]);
    expect(projectFolders({ cwd: outside, home })).toEqual([outside]);
    expect(projectFolders({ cwd: home, home })).toEqual([]);
  });

  test('where each system keeps them, or where a variable says', () => {
    const paths = (platform: NodeJS.Platform, env: World['env'] = {}): readonly string[] =>
      HOST_IDS.flatMap((host) => HOSTS[host].userFiles({ cwd: '/p', home: '/h', env, platform }));
    expect(paths('linux')).toEqual([
      '/h/.config/Claude/claude_desktop_config.json',
      '/h/.claude.json',
      '/h/.config/Code/User/mcp.json',
      '/h/.config/Code - Insiders/User/mcp.json',
      '/h/.cursor/mcp.json',
      '/h/.codeium/windsurf/mcp_config.json',
      '/h/.codeium/windsurf-next/mcp_config.json',
      '/h/.codeium/mcp_config.json',
      '/h/.codex/config.toml',
      '/h/.copilot/mcp-config.json',
    ]);
    expect(paths('darwin')).toContain('/h/Library/Application Support/Claude/claude_desktop_config.json');
    expect(paths('darwin')).toContain('/h/Library/Application Support/Code/User/mcp.json');
    expect(paths('win32', { APPDATA: '/a' })).toContain('/a/Claude/claude_desktop_config.json');
    const moved = { XDG_CONFIG_HOME: '/x', CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/o', COPILOT_HOME: '' };
    expect(paths('linux', moved)).toEqual(
      expect.arrayContaining([
        '/x/Claude/claude_desktop_config.json',
        '/c/.claude.json',
        '/o/config.toml',
        '/h/.copilot/mcp-config.json',
      ]),
    );
  });

  test('where the person says, and the path tells whose the file is', () => {
    const world: World = { cwd: '/p', home: '/h', env: {}, platform: 'linux' };
    expect(
      ['.vscode/mcp.json', '/q/.mcp.json', '/h/.cursor/mcp.json', '/backup/mcp_config.json', 'x.toml', 'mcp.json'].map(
        (file) => namedConfig(file, world),
      ),
    ).toMatchObject([
      { path: '/p/.vscode/mcp.json', host: 'vscode', folder: '/p', scope: 'named' },
      { host: 'claude-code', folder: '/q' },
      { host: 'cursor', folder: '/p' },
      { host: 'windsurf', folder: '/h' },
      { host: 'codex', folder: '/p' },
      { host: 'plain', folder: '/p' },
    ]);
  });
});
