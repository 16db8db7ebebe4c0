import type { Connection } from '@mcp-dbg/core';

import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

type Head = Pick<Connection, 'era' | 'protocolVersion' | 'serverInfo'>;

/** Who the server is and what it speaks, in a line: `weather 1.0.0  modern, 2026-07-28, 2 tools`. */
export function headText({ serverInfo, era, protocolVersion }: Head, what: string, theme: Theme): string {
  const who = [serverInfo.name, serverInfo.version]
    .filter((each) => each !== '')
    .map((each) => visible(each))
    .join(' ');
  return `${theme.good(who || 'server')}  ${era}, ${visible(protocolVersion)}, ${what}\n`;
}

/** The same as the beginning of a JSON object, to be closed behind further members, each a text after its comma. */
export function headJson({ serverInfo, era, protocolVersion }: Head): string {
  return JSON.stringify({ server: serverInfo, era, protocolVersion }).slice(0, -1);
}

/** Entries of a list as their text came in: big numbers and the order of keys stay. */
export function entriesJson(entries: readonly { readonly text: string }[]): string {
  return `[${entries.map(({ text }) => text).join(',')}]`;
}
