import type { ServerEvent } from '@mcp-dbg/core';

import { Activity } from './chat/activity.ts';
import { RecentWire } from './chat/recent-wire.ts';
import { WireView } from './chat/wire-view.ts';
import type { Io } from './io.ts';
import { LiveFindings } from './live-findings.ts';
import { serverEventText } from './render/server-event-text.ts';
import type { Theme } from './render/theme.ts';
import { LiveArea } from './terminal/live-area.ts';

/** What goes on, and the rows that show it. */
export interface Drawing {
  readonly activity: Activity;
  readonly live: LiveArea;
}

/** Draws what goes on with the one server, in place. */
export function drawingOn(io: Io, theme: Theme): Drawing {
  const activity = new Activity(theme);
  const live = new LiveArea(io, {
    picture: (columns) => activity.rows(columns),
    isActive: () => activity.isActive,
    isFree: () => true,
  });
  return { activity, live };
}

/** Gives the rows of the verbose view, all of what crosses the wire of the one server, event by event. */
export function wireRows(theme: Theme): (event: ServerEvent) => string {
  const recent = new RecentWire();
  const view = new WireView(() => ({ theme, severalServers: false }));
  const findings = new LiveFindings();
  return (event) => view.rows(event, recent.see(event), serverEventText(event, theme), findings.see(event));
}
