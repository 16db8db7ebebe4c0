import type { Usage } from '../model.ts';

/** US dollars for a million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  /** What a token out of the cache costs, as a part of what a fresh one does. */
  readonly cacheRead: number;
}

/** What a token put into the cache for five minutes costs, as a multiple of a fresh one. */
const CACHE_WRITE = 1.25;

/** Haiku 5.5 costs more for prompts above this many tokens, output included. */
const LONG_PROMPT = 100_000;

/** List prices of 2026-11: https://platform.claude.com/docs/en/about-claude/pricing. A name stands for its dated ids too. */
const PRICES: Readonly<Record<string, (usage: Usage) => Price>> = {
  'claude-fable-5-1': () => ({ input: 10, output: 50, cacheRead: 0.025 }),
  'claude-haiku-4-5': () => ({ input: 1, output: 5, cacheRead: 0.1 }),
  'claude-haiku-5-5': ({ inputTokens }) =>
    inputTokens > LONG_PROMPT
      ? { input: 0.5, output: 2.5, cacheRead: 0.1 }
      : { input: 0.1, output: 0.5, cacheRead: 0.1 },
  'claude-opus-5': () => ({ input: 5, output: 25, cacheRead: 0.1 }),
  'claude-opus-5-5': () => ({ input: 4, output: 20, cacheRead: 0.05 }),
  'claude-sonnet-5': () => ({ input: 2, output: 10, cacheRead: 0.1 }),
  'claude-sonnet-5-5': () => ({ input: 2, output: 10, cacheRead: 0.05 }),
};

/** The ids of the models that Anthropic's own API has, in 2026-11; it may know others. */
export const KNOWN_MODELS: readonly string[] = Object.keys(PRICES);

/** About what one reply of a model of Anthropic's own API costs, in US dollars; undefined for a model not listed here. */
export function priceOf(model: string, usage: Usage): number | undefined {
  const name = model.replace(/-\d{8}$/, '');
  const price = Object.hasOwn(PRICES, name) ? PRICES[name]?.(usage) : undefined;
  if (price === undefined) return undefined;
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  const fresh = inputTokens - cacheReadTokens - cacheWriteTokens;
  const input = fresh + cacheReadTokens * price.cacheRead + cacheWriteTokens * CACHE_WRITE;
  return (input * price.input + outputTokens * price.output) / 1_000_000;
}
