import type { View } from './view.ts';

/** The same view for what happens beside a turn: it must garble no answer, nor what the turn waits for. */
export function asideOf(view: View): View {
  return {
    get verbose() {
      return view.verbose;
    },
    set verbose(verbose) {
      view.verbose = verbose;
    },
    server: (event, sighting) => view.server(event, sighting),
    loop: (event, isByHand) => view.loop(event, isByHand),
    asked: () => {},
    found: (text) => {
      for (const line of text.split('\n')) view.say(line);
    },
    say: (text) => view.say(text),
    warn: (text) => view.warn(text),
    waiting: () => {},
  };
}
