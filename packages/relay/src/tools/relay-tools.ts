import type { Observer } from '@mcp-dbg/proxy';

import type { RelayEvent } from '../relay-event.ts';
import type { MakeStage } from '../stage.ts';
import { PastErrors } from './past-errors.ts';
import { ServerStory } from './server-story.ts';
import { ToolsStage } from './tools-stage.ts';

export interface RelayToolsOptions {
  /** Where the capture is, once there is one. */
  readonly capturePath: () => string | undefined;
  /** The version of this program. */
  readonly version: string;
}

/** Tools of ours for the client of a relay: to restart its server, and to learn what is wrong with it. */
export interface RelayTools {
  /** Adds them to the server's list, and answers their calls. Stands next to the continuity. */
  readonly stage: MakeStage;
  /** Who watches the next process of the server. */
  observe(): Observer<RelayEvent>;
  /** Somebody replaces the server's process: its end is no crash. */
  replacing(): void;
}

/**
 * Makes `mcpdbg_restart`, `mcpdbg_last_errors` and `mcpdbg_stats` for one relay. They work while the server is down, and
 * what they tell is kept in bounded memory. Where the server has a tool of such a name, that one stands.
 */
export function relayTools({ capturePath, version }: RelayToolsOptions): RelayTools {
  const story = new ServerStory();
  const errors = new PastErrors();
  return {
    stage: (context) => new ToolsStage({ context, story, errors, capturePath, ownVersion: version }),
    observe: () => ({
      read: (from, bytes) => {
        if (from === 'stderr') story.stderr(bytes);
      },
      event: (event) => {
        const crash = story.event(event, performance.now(), Date.now());
        if (crash !== undefined) errors.add(crash);
      },
    }),
    replacing: () => story.leaving(),
  };
}
