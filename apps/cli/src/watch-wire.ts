import type { ServerEvent } from '@mcp-dbg/core';

import { RecentWire } from './chat/recent-wire.ts';
import { WireView } from './chat/wire-view.ts';
import { LiveFindings } from './live-findings.ts';
import { serverEventText } from './render/server-event-text.ts';
import type { Theme } from './render/theme.ts';

/** Gives the rows of the verbose view, all of what crosses the wire of the one server, event by event. */
export function wireRows(theme: Theme): (event: ServerEvent) => string {
  const recent = new RecentWire();
  const view = new WireView(() => ({ theme, severalServers: false }));
  const findings = new LiveFindings();
  return (event) => view.rows(event, recent.see(event), serverEventText(event, theme), findings.see(event));
}
