import { type TmuxServer, quoted } from './tmux-server.ts';

/** What a program can change of a terminal beside the text on it. */
export type TerminalState = Readonly<Record<(typeof STATE)[number] | 'clipboard', string>>;

/** As tmux(1), FORMATS, has them. */
export const STATE = [
  'pane_title',
  'alternate_on',
  'cursor_flag',
  'insert_flag',
  'keypad_flag',
  'keypad_cursor_flag',
  'origin_flag',
  'wrap_flag',
  'mouse_any_flag',
  'scroll_region_upper',
] as const;

/** The state of a pane now. */
export async function stateOf(tmux: TmuxServer, pane: string): Promise<TerminalState> {
  const format = STATE.map((name) => `#{${name}}`).join('\n');
  const values = (await tmux.ask(`display-message -p -t ${pane} ${quoted(format.replaceAll('\n', '|'))}`)).join('');
  // What we paste is no work of a program.
  const clipboard = (await tmux.ask('list-buffers -F "#{buffer_name}: #{buffer_sample}"')).filter(
    (line) => !line.startsWith('paste-'),
  );
  const parts = values.split('|');
  const named = STATE.map((name, index) => [name, parts[index] ?? ''] as const);
  return { ...(Object.fromEntries(named) as Record<(typeof STATE)[number], string>), clipboard: clipboard.join('\n') };
}
