import type { StoppedReason } from '@mcp-dbg/core';

/** Why a query ended, in a sentence; empty where the answer says all. */
export function stoppedText(reason: StoppedReason, detail: string | undefined): string {
  const more = detail === undefined ? '' : `: ${detail}`;
  switch (reason) {
    case 'end_turn':
      return '';
    case 'max_tokens':
      return 'The answer was cut off: it reached the most tokens that one reply may have';
    case 'refusal':
      return `The model refused to answer${more}`;
    case 'rounds':
      return `${detail ?? 'The model went on using tools for too long'}; --max-rounds allows more`;
    case 'interrupted':
      return 'Interrupted';
    case 'no-model':
      return 'There is no model to answer that. Set ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL), or name one with --model; without a model use /call TOOL {json}, /tools and /help';
    case 'api-error':
      return detail ?? 'The model could not be reached';
  }
}
