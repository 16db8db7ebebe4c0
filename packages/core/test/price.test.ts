import { expect, test } from 'vitest';

import { DEFAULT_MODEL, KNOWN_MODELS } from '../src/anthropic/index.ts';
import { priceOf } from '../src/anthropic/price.ts';

const usage = { inputTokens: 1_000_000, outputTokens: 100_000 };

test.each([
  ['claude-sonnet-5-5', usage, 3],
  ['claude-sonnet-5-5-20260929', usage, 3],
  ['what is read from the cache is cheap', { ...usage, cacheReadTokens: 900_000 }, 0.2 + 0.09 + 1],
  ['what goes into the cache is dear', { ...usage, cacheWriteTokens: 1_000_000 }, 2.5 + 1],
  ['claude-haiku-5-5', { inputTokens: 100_000, outputTokens: 0 }, 0.01],
  ['claude-haiku-5-5', { inputTokens: 100_001, outputTokens: 0 }, 0.0500005],
])('%s: %j costs %d dollars', (name, used, dollars) => {
  expect(priceOf(name.startsWith('claude') ? name : 'claude-sonnet-5-5', used)).toBeCloseTo(dollars, 9);
});

test.each(['llama3', 'constructor', 'claude-of-tomorrow'])('the price of %s is not known', (name) => {
  expect(priceOf(name, usage)).toBeUndefined();
});

test('every model that is known has a price, and the default one is known', () => {
  expect(KNOWN_MODELS).toContain(DEFAULT_MODEL);
  for (const name of KNOWN_MODELS) expect(priceOf(name, usage)).toBeGreaterThan(0);
});
