import { Activity } from './chat/activity.ts';
import type { Io } from './io.ts';
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
