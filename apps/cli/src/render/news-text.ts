import type { EntryDiff, ServerEvent } from '@mcp-dbg/core';

import { serverLogText } from './server-log-text.ts';
import type { Theme } from './theme.ts';
import { safeJson, visible } from './visible.ts';

/** What a server has to tell by itself. */
export type News =
  | Extract<ServerEvent, { type: 'log' | 'resource-updated' }>
  | ({ readonly type: 'list-changed'; readonly server: string; readonly list: string } & EntryDiff);

/** Names that a line shows at most, and characters of each: servers may name anything. */
const MAX_NAMES = 50;
const MAX_NAME = 300;

/** News in one line, with the time of day: `12:00:05  prompts: added greet`. */
export function newsText(news: News, at: Date, theme: Theme): string {
  const time = theme.dim(at.toTimeString().slice(0, 8));
  switch (news.type) {
    case 'log':
      return `${time}  ${serverLogText(news, theme)}`;
    case 'resource-updated':
      return `${time}  ${theme.good(`updated: ${visible(news.uri.slice(0, MAX_NAME))}`)}`;
    case 'list-changed': {
      const { added, removed, changed } = news;
      const parts = Object.entries({ added, removed, changed }).filter(([, names]) => names.length > 0);
      return `${time}  ${theme.good(`${news.list}: ${parts.map(([what, names]) => `${what} ${listed(names)}`).join('; ')}`)}`;
    }
  }
}

/** The same as a line of JSON. */
export function newsJson(news: News, at: Date): string {
  return safeJson(JSON.stringify({ at: at.toISOString(), ...news }));
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : '';
  return (
    names
      .slice(0, MAX_NAMES)
      .map((name) => visible(name.slice(0, MAX_NAME)))
      .join(', ') + more
  );
}
