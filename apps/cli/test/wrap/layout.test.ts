import { describe, expect, test } from 'vitest';

import type { HostId } from '../../src/config/hosts.ts';
import { changed } from './wrapping.ts';

/** Wraps `a` with few words, so that the layout is what is seen. */
function wrapped(text: string, host: HostId): string {
  return changed(text, host, ['a'], ['node', 'mcp-dbg', 'proxy', '--']).text;
}

describe('what a wrap adds to JSON', () => {
  const json = (entry: string): string => wrapped(`{"mcpServers":{"a":${entry}}}`, 'cursor').slice(19, -2);

  test.each([
    [
      'a dense one',
      '{"command":"x","args":["y","z"]}',
      '{"command":"node","args":["mcp-dbg","proxy","--","x","y","z"]}',
    ],
    ['args that are not there', '{"command":"x"}', '{"command":"node","args":["mcp-dbg", "proxy", "--", "x"]}'],
    [
      'args of no words',
      '{ "command": "x", "args": [] }',
      '{ "command": "node", "args": ["mcp-dbg", "proxy", "--", "x"] }',
    ],
    [
      'args that are null',
      '{ "args": null, "command": "x" }',
      '{ "args": ["mcp-dbg", "proxy", "--", "x"], "command": "node" }',
    ],
    [
      'one word',
      '{ "command": "x", "args": ["y"] }',
      '{ "command": "node", "args": ["mcp-dbg", "proxy", "--", "x", "y"] }',
    ],
    [
      'words with a line of their own',
      '{\r\n\t"command": "x",\r\n\t"args": [ // all\r\n\t\t"y",\r\n\t\t"z",\r\n\t]\r\n}',
      '{\r\n\t"command": "node",\r\n\t"args": [ // all\r\n\t\t"mcp-dbg",\r\n\t\t"proxy",\r\n\t\t"--",\r\n\t\t"x",\r\n\t\t"y",\r\n\t\t"z",\r\n\t]\r\n}',
    ],
    [
      'a member with a line of its own',
      '{\n    "command" : "x", // mine\n    "env": {}\n}',
      '{\n    "command" : "node",\n    "args" : ["mcp-dbg", "proxy", "--", "x"], // mine\n    "env": {}\n}',
    ],
    [
      'a command with escapes',
      '{"command":"\\u0078\\/y"}',
      '{"command":"node","args":["mcp-dbg", "proxy", "--", "\\u0078\\/y"]}',
    ],
  ])('follows the layout of %s', (_, before, after) => {
    expect(json(before)).toBe(after);
  });
});

describe('what a wrap adds to TOML', () => {
  test.each([
    [
      'a table, behind the comment of its command',
      '[mcp_servers.a]\r\n  command = "x" # mine\r\nenv = {}',
      '[mcp_servers.a]\r\n  command = "node" # mine\r\n  args = ["mcp-dbg", "proxy", "--", "x"]\r\nenv = {}',
    ],
    [
      'the last line of a file',
      "[mcp_servers.a]\ncommand='x'",
      '[mcp_servers.a]\ncommand="node"\nargs=["mcp-dbg", "proxy", "--", \'x\']',
    ],
    [
      'an inline table',
      'mcp_servers = { a = { command = "x" }, b.command = "y" }',
      'mcp_servers = { a = { command = "node", args = ["mcp-dbg", "proxy", "--", "x"] }, b.command = "y" }',
    ],
    [
      'dotted keys',
      '[mcp_servers]\na . "command" = "x"\n',
      '[mcp_servers]\na . "command" = "node"\na . args = ["mcp-dbg", "proxy", "--", "x"]\n',
    ],
    [
      'a list of several lines',
      '[mcp_servers.a]\nargs = [\n  # first\n  "y",\n]\ncommand = """\nx"""\n',
      '[mcp_servers.a]\nargs = [\n  # first\n  "mcp-dbg",\n  "proxy",\n  "--",\n  """\nx""",\n  "y",\n]\ncommand = "node"\n',
    ],
  ])('follows the layout of %s', (_, before, after) => {
    expect(wrapped(before, 'codex')).toBe(after);
  });
});
