import type { LoopEvent } from '@mcp-dbg/core';

import { failureText } from '../render/call-text.ts';
import { contentText } from '../render/content-text.ts';
import { folded } from '../render/folded.ts';
import { type ResultFile, resultParts } from '../render/result-parts.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';

/** Rows that the result of a call of the model's takes at most. */
const MAX_ROWS = 4;
/** Rows of the terminal that stay for the call and the prompt when a person made the call. */
const OTHER_ROWS = 4;
const BAR = '  │ ';

export interface ResultText {
  readonly theme: Theme;
  /** The terminal; undefined where there is none, and nothing is folded. */
  readonly space: { readonly columns: number; readonly rows: number } | undefined;
  readonly isByHand: boolean;
  /** Whether `/show` is at hand. */
  readonly canShow: boolean;
  /** Saves bytes that are no text, and gives the line that tells of it. */
  readonly saveFile: (file: ResultFile) => string;
}

/**
 * What is shown of a result below the line of its call: in a terminal the beginning, and all of it where a person made
 * the call and there is room. Without a terminal a model's results are not shown: the line of the call is.
 */
export function resultText(
  { isError, content, answer, n }: Extract<LoopEvent, { type: 'tool-result' }>,
  { theme, space, isByHand, saveFile, canShow }: ResultText,
): string {
  if (space === undefined && !isByHand) return '';
  const { text, files } = answer === undefined ? { text: contentText(content), files: [] } : resultParts(answer.value);
  // The line of the call has said why it failed, unless that was too long for a line.
  const isTold = isError && visible(text.trim()) === failureText(content);
  const shown = text === '' || isTold ? [] : rowsOf(visible(text, 'kept'), canShow ? n : undefined, isByHand, space);
  const rows = [...shown, ...files.map(saveFile)];
  return isByHand ? rows.join('\n') : rows.map((row) => theme.dim(BAR + row)).join('\n');
}

function rowsOf(text: string, n: number | undefined, isByHand: boolean, space: ResultText['space']): readonly string[] {
  if (space === undefined) return [text];
  const columns = Math.max(1, space.columns - 1 - (isByHand ? 0 : BAR.length));
  const rows = isByHand ? Math.max(MAX_ROWS, space.rows - OTHER_ROWS) : MAX_ROWS;
  return folded(text, { columns, rows, hint: n === undefined ? undefined : `/show ${n}` });
}
