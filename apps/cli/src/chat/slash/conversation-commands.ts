import type { Turn } from '@mcp-dbg/core';

import { callText } from '../../render/call-text.ts';
import { fitted } from '../../render/columns.ts';
import { visible } from '../../render/visible.ts';
import type { SlashCommand } from './slash-context.ts';

/** Columns of a result that the history shows. */
const MAX_RESULT = 200;

export const history: SlashCommand = {
  usage: '/history',
  what: 'show the conversation so far, as the model knows it',
  run: (_, { session, view, theme }) => {
    const lines = session.turns.flatMap((turn) => linesOf(turn));
    view.found(
      lines.length === 0
        ? 'There is no conversation yet.'
        : lines.map(({ who, text }) => `${theme.dim(who.padEnd(6))} ${text.replaceAll('\n', '\n       ')}`).join('\n'),
    );
  },
};

export const save: SlashCommand = {
  usage: '/save [FILE]',
  what: 'save the chat now and after every answer; --resume goes on',
  run: (file, context) => {
    context.view.found(`Saved to ${visible(context.save(file === '' ? undefined : file))}.`);
  },
};

export const model: SlashCommand = {
  usage: '/model [NAME]',
  what: 'say which model answers, or ask another one',
  run: async (name, { session, view, changeModel }) => {
    if (name !== '') await changeModel(name);
    const { model: current } = session;
    view.found(current === undefined ? 'There is no model: you call the tools.' : `model: ${visible(current.name)}`);
  },
};

export const clear: SlashCommand = {
  usage: '/clear',
  what: 'forget the conversation',
  run: (_, { session, view, savedIn }) => {
    session.clear();
    const file = savedIn();
    const kept = file === undefined ? '' : ` ${visible(file)} keeps it until there is another answer.`;
    view.found(`The conversation is forgotten.${kept}`);
  },
};

function linesOf(turn: Turn): readonly { readonly who: string; readonly text: string }[] {
  switch (turn.role) {
    case 'user':
      return [{ who: 'you', text: visible(turn.text, 'kept') }];
    case 'assistant': {
      const { text, calls } = turn.reply;
      const said = text.trim() === '' ? [] : [{ who: 'model', text: visible(text.trim(), 'kept') }];
      return [...said, ...calls.map(({ name, args }) => ({ who: 'calls', text: callText(name, args) }))];
    }
    case 'tools':
      return turn.replies.map(({ isError, content }) => {
        const text = content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(' ');
        const line = visible(text.trim().replaceAll(/\s+/g, ' '));
        return { who: isError ? 'failed' : 'result', text: fitted(line, MAX_RESULT) };
      });
  }
}
