import { fixture } from '@mcp-dbg/testkit';
import { expect } from 'vitest';

import { script } from '../driver.ts';
import { type Screen, type ScreenOptions, onScreen } from './tmux.ts';

/** An answer whose every word can be told apart, so that one that is lost, doubled or moved is seen. */
export const STORY = words(40);
/** The same, so long that it has no end for any test: whoever ends it is never too late. */
export const ENDLESS = words(8000);

/** An answer in which nothing must end the code too early. */
const CODE = [
  '```sh',
  '# word0 then start',
  '- no list',
  ...Array.from({ length: 20 }, (_, n) => `word${n}`),
  '```',
  'Prose after it.',
].join('\n');

/** Tells a story or the code when asked to, at about 50 pieces a second; says what it heard otherwise. */
export const storyteller: string = script(
  { when: '^code', say: CODE, drip: 20, repeat: true },
  { when: '^tell', say: `${STORY} END.`, drip: 20, repeat: true },
  { when: '^drone', say: ENDLESS, drip: 20, repeat: true },
  { when: '^wait', on: 'user', call: [{ tool: 'slow', args: { ms: 60_000 } }], repeat: true },
  { on: 'result', say: 'Waited enough.', repeat: true },
  { say: 'I heard {{query}}, yes.', repeat: true },
);

/** Starts a chat with the good server and waits for its prompt. */
export async function chatting(options: ScreenOptions = {}, ...words: readonly string[]): Promise<Screen> {
  const screen = await onScreen(['chat', fixture('echo'), '--model', storyteller, ...words], options);
  await screen.shows(/\(no language model\)|language\s+model\)/, 'the name of the model');
  await screen.prompts('', 'a prompt when the server is connected');
  return screen;
}

/** Asks for the story, or for the endless one, and waits until some of it is there. */
export async function listening(screen: Screen, ask: 'tell me' | 'drone on' = 'tell me'): Promise<void> {
  await screen.enter(ask);
  await screen.shows('word5', 'the beginning of the answer');
}

/** What may stand between two pieces of an answer: what happened to a server, and what a shell said meanwhile. */
const FOREIGN = /^(?:echo: |\[\d+\]\+ |\$ |sh go$|sane\d+$)/;

/** The words of the story that stand on the screen or above it, in order. One may be cut by what came between. */
export async function told(screen: Screen): Promise<string> {
  const rows = (await screen.all()).filter((row) => !FOREIGN.test(row));
  return (bare(rows.join('')).match(/word\d+/g) ?? []).join(' ');
}

/** Waits until the model has answered a line, however the answer is broken into rows, and the prompt is there again. */
export async function heard(screen: Screen, line: string): Promise<void> {
  const answer = bare(`I heard ${line}, yes.`);
  await screen.until((rows) => bare(rows.join('')).includes(answer), `an answer to ${JSON.stringify(line)}`);
  await screen.prompts('', 'the prompt below an answer');
}

/** Asks for the process id of the server. */
export async function serverPid(screen: Screen): Promise<number> {
  const told = (rows: readonly string[]): readonly string[] =>
    [...rows.join('\n').matchAll(/\[called pid[^\]]*\]\D*(\d+)\n/g)].map(([, pid = '']) => pid);
  const before = told(await screen.all()).length;
  await screen.enter('/call pid');
  let pids: readonly string[] = [];
  const isTold = async (): Promise<boolean> => (pids = told(await screen.all())).length > before;
  await screen.until(isTold, 'the process id of the server');
  await screen.prompts();
  return Number(pids.at(-1));
}

/** More than two rows of 40 columns. */
export const LONG = Array.from({ length: 14 }, (_, n) => `typed${n}`).join(' ');

/** Types as a person does: each letter is there before the next. */
export async function typeSlowly(screen: Screen, line: string): Promise<void> {
  let typed = '';
  for (const letter of line) {
    await screen.type(letter);
    typed += letter;
    await screen.prompts(typed);
  }
}

/** The ways in which a long line can come; in all but the first many keys are in one read of the program. */
export const WAYS: readonly (readonly [string, (screen: Screen, line: string) => Promise<void>])[] = [
  ['typed', typeSlowly],
  ['typed at once', (screen, line) => screen.type(line)],
  ['pasted', (screen, line) => screen.paste(line)],
];

/** Leaves by Ctrl-D; the terminal is as it was, and no process is left. */
export async function expectToLeave(screen: Screen): Promise<void> {
  await screen.key('C-d');
  expect(await screen.ended()).toBe(0);
  expect(await screen.disorder()).toEqual([]);
}

/** How often a text stands on the screen or above it. */
export async function times(screen: Screen, text: string): Promise<number> {
  return (await screen.all()).join('\n').split(text).length - 1;
}

function words(count: number): string {
  return Array.from({ length: count }, (_, n) => `word${n}`).join(' ');
}

/** Text without blanks and line breaks. */
function bare(text: string): string {
  return text.replaceAll(/\s/g, '');
}
