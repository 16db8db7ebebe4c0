/** Runs the candidates one after the other, round by round, so that what disturbs one disturbs all. */
export async function interleaved(rounds, candidates) {
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const result = {};
    for (const [name, run] of Object.entries(candidates)) result[name] = await run();
    results.push(result);
  }
  return results;
}

/** The median over the rounds of what `of` makes of one round. */
export function median(rounds, of = (value) => value) {
  const values = rounds
    .map(of)
    .filter((value) => Number.isFinite(value))
    .toSorted((one, other) => one - other);
  return values.length === 0 ? Number.NaN : values[Math.floor(values.length / 2)];
}

/** The value below which a share of the values lies. */
export function percentile(values, share) {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

/** What a row reports: a figure, its goal, and the figures behind it. */
export function figure(name, value, goal, behind) {
  return { name, value, goal, behind };
}

export const atMost = (limit, unit = '×') => ({ text: `≤ ${limit}${unit}`, unit, met: (value) => value <= limit });
export const atLeast = (limit, unit = '×') => ({ text: `≥ ${limit}${unit}`, unit, met: (value) => value >= limit });
