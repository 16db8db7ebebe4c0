const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of an age such as `90s`, `15m`, `12h`, `30d` or `2w`; undefined when it is none. */
export function parseAge(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  return Number.isSafeInteger(Math.round(ms)) ? ms : undefined;
}
