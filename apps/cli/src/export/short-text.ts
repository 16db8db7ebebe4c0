import { visible } from '../render/visible.ts';

/** At most `max` characters of a text, on one line and with nothing hidden in it; `…` where something is cut. */
export function shortText(text: string, max: number): string {
  const some = firstOf(text, max);
  const shown = visible(some);
  const short = firstOf(shown, max);
  return some.length < text.length || short.length < shown.length ? `${firstOf(short, max - 1)}…` : short;
}

function firstOf(text: string, max: number): string {
  if (text.length <= max) return text;
  return Array.from(text.slice(0, max * 2))
    .slice(0, max)
    .join('');
}
