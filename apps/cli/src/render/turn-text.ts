import type { Spent } from '@mcp-dbg/core';

import { formatMs } from './sizes.ts';

/** What one turn took: `3.21 s, 2 calls, 1,204 tokens in, 56 out, about $0.0031`. */
export function turnText(ms: number, calls: number, spent: Spent | undefined): string {
  const parts = [formatMs(ms)];
  if (calls > 0) parts.push(`${calls} ${calls === 1 ? 'call' : 'calls'}`);
  if (spent !== undefined) parts.push(`${count(spent.inputTokens)} tokens in`, `${count(spent.outputTokens)} out`);
  if (spent?.dollars !== undefined) parts.push(`about $${dollars(spent.dollars)}`);
  return parts.join(', ');
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US');
}

function dollars(amount: number): string {
  return amount < 0.01 ? amount.toFixed(4) : amount.toFixed(2);
}
