import { describe, expect, it } from 'vitest';

import { SAMPLES } from './samples/all-samples.ts';
import { findingsIn, type Transcript } from './transcript.ts';

const TWO_SIDES = 'one side does it, and the other lets it pass';

/** Samples in which other rules are broken too, and why that cannot be left out. */
const ALSO: Readonly<Record<string, { readonly rules: readonly string[]; readonly why: string }>> = {
  'capabilities/served': { rules: ['capabilities/early'], why: TWO_SIDES },
  'lifecycle/disconnect': { rules: ['lifecycle/known-version'], why: TWO_SIDES },
  'meta/incomplete-served': { rules: ['meta/protocol-version'], why: TWO_SIDES },
  'modern/client-answer': { rules: ['modern/server-request'], why: TWO_SIDES },
  'tasks/refused': { rules: ['extensions/declared'], why: TWO_SIDES },
  'tools/invalid-arguments-error': { rules: ['tools/arguments'], why: TWO_SIDES },
  'tools/unknown-tool-error': { rules: ['tools/unknown-tool'], why: TWO_SIDES },
};

/** What is worth knowing of a transcript that was made for another rule is no fault of it. */
const faultsIn = (transcript: Transcript): readonly string[] => [
  ...new Set(
    findingsIn(transcript)
      .filter(({ level }) => level !== 'info')
      .map(({ rule }) => rule),
  ),
];

describe('one fault is one finding:', () => {
  it.each(Object.entries(SAMPLES))('%s', (id, { fails }) => {
    expect(faultsIn(fails).filter((rule) => rule !== id)).toEqual(ALSO[id]?.rules ?? []);
  });

  it('every exception is one of a sample that there is', () => {
    expect(Object.keys(ALSO).filter((id) => SAMPLES[id] === undefined)).toEqual([]);
  });
});

/** Of samples that keep their rules: conversations that between them have most of what messages hold. */
const CONVERSATIONS = [
  'content/type',
  'input/method',
  'logging/asked-for',
  'roots/file-uri',
  'sampling/results-alone',
  'subscriptions/result-id',
  'tasks/complete',
  'tasks/end-stays',
  'tools/structured-fits',
];

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Every value with one member taken out, or with a number in the place of one. */
function* spoilt(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const inside = (value as { readonly [key: string]: Json })[key] ?? null;
    const put = (member: Json): Json =>
      Array.isArray(value) ? value.with(Number(key), member) : { ...value, [key]: member };
    const without = Object.fromEntries(Object.entries(value).filter(([each]) => each !== key));
    yield Array.isArray(value) ? value.filter((_, index) => index !== Number(key)) : without;
    if (typeof inside !== 'number') yield put(3.5);
    for (const spoiltInside of spoilt(inside)) yield put(spoiltInside);
  }
}

describe('of a message in which one member is wrong, one rule speaks:', () => {
  it.each(CONVERSATIONS)('%s', (id) => {
    const transcript = (SAMPLES[id]?.passes ?? '').split('\n');
    const usual = new Set(faultsIn(transcript.join('\n')));
    transcript.forEach((line, index) => {
      if (!/^[<>] \{/.test(line)) return;
      for (const message of spoilt(JSON.parse(line.slice(2)) as Json)) {
        const changed = transcript.with(index, `${line.slice(0, 2)}${JSON.stringify(message)}`);
        for (const rules of rulesByMessage(changed.join('\n')))
          expect(
            rules.filter((rule) => !usual.has(rule)).length,
            `${JSON.stringify(message)}: ${rules.join(', ')}`,
          ).toBeLessThan(2);
      }
    });
  });
});

function rulesByMessage(transcript: Transcript): readonly (readonly string[])[] {
  const faults = findingsIn(transcript).filter(({ level, n }) => level !== 'info' && n !== undefined);
  const byMessage = new Map<string, Set<string>>();
  for (const { n, from, rule } of faults) {
    const message = `${n ?? ''} ${from ?? ''}`;
    byMessage.set(message, (byMessage.get(message) ?? new Set()).add(rule));
  }
  return [...byMessage.values()].map((rules) => [...rules]);
}
