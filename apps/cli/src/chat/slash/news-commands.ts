import { CoreError, complete as completeOf } from '@mcp-dbg/core';
import { LOG_LEVELS } from '@mcp-dbg/protocol';

import { rootOf } from '../../asked/roots.ts';
import { CliError } from '../../exit-code.ts';
import { visible } from '../../render/visible.ts';
import { addressed } from './server-commands.ts';
import { type SlashCommand, cutWord } from './slash-context.ts';

export const logLevel: SlashCommand = {
  usage: '/log-level [SERVER] LEVEL',
  what: 'be told log messages from this level on',
  run: async (rest, context) => {
    const { session, view, signal } = context;
    const [first, others] = cutWord(rest);
    const level = others === '' ? first : others;
    if (!(LOG_LEVELS as readonly string[]).includes(level))
      throw new CliError('USAGE', `Usage: ${logLevel.usage}; levels: ${LOG_LEVELS.join(', ')}`);
    const named = others === '' ? session.servers : [addressed(rest, logLevel, context).server];
    for (const server of named) {
      const { connection } = await server.ready('user');
      try {
        await connection.setLogLevel(level, { signal });
        view.found(`${visible(server.name)}: log messages are told from ${level} on.`);
      } catch (error) {
        // Of several servers, those that do not log are no failure.
        if (named.length === 1 || !(error instanceof CoreError) || error.code !== 'NOT_OFFERED') throw error;
        view.found(`${visible(server.name)}: ${error.message}.`);
      }
    }
  },
};

export const subscribe: SlashCommand = {
  usage: '/subscribe [SERVER] URI',
  what: 'be told when a resource changes',
  run: async (rest, context) => {
    const { server, rest: uri } = addressed(rest, subscribe, context);
    const { connection } = await server.ready('user');
    await connection.subscribe(uri, { signal: context.signal });
    context.view.found(`Changes of ${visible(uri)} are told from now on.`);
  },
};

export const unsubscribe: SlashCommand = {
  usage: '/unsubscribe [SERVER] URI',
  what: 'no longer be told when it changes',
  run: async (rest, context) => {
    const { server, rest: uri } = addressed(rest, unsubscribe, context);
    const { connection } = await server.ready('user');
    await connection.unsubscribe(uri, { signal: context.signal });
    context.view.found(`Changes of ${visible(uri)} are no longer told.`);
  },
};

export const complete: SlashCommand = {
  usage: '/complete [SERVER] PROMPT ARGUMENT [START]',
  what: "ask for values of a prompt's argument, or a template's",
  run: async (rest, context) => {
    const { server, rest: asked } = addressed(rest, complete, context);
    const [of, more] = cutWord(asked);
    const [argument, start] = cutWord(more);
    if (argument === '') throw new CliError('USAGE', `Usage: ${complete.usage}`);
    const { connection } = await server.ready('user');
    const isTemplate = of.includes('{') || of.includes('://');
    const completable = isTemplate ? { template: of } : { prompt: of };
    const found = await completeOf(connection, completable, { argument, start }, { signal: context.signal });
    const hasMore = found.hasMore || (found.total ?? 0) > found.values.length;
    const lines = [...found.values.map((value) => `  ${visible(value)}`), ...(hasMore ? ['  … and more'] : [])];
    context.view.found(lines.length === 0 ? 'The server proposes nothing.' : lines.join('\n'));
  },
};

export const root: SlashCommand = {
  usage: '/root [FOLDER]',
  what: 'list the folders that servers may ask for, or add one',
  run: async (folder, { session, view, roots, cwd }) => {
    if (roots === undefined)
      throw new CliError('USAGE', 'This chat offers no folders to servers; chat --root FOLDER starts one that does');
    if (folder !== '') {
      roots.push(rootOf(folder, cwd));
      await session.rootsChanged();
    }
    const lines = roots.map(({ uri }) => `  ${visible(uri)}`);
    view.found(lines.length === 0 ? 'There are no roots.' : lines.join('\n'));
  },
};
