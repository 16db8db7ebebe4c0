import type { Version } from '@mcp-dbg/protocol';
import type { ShapeFault } from '@mcp-dbg/protocol/lint';

import type { HoldingShape, Shape, Slot } from '../../src/shapes/shape.ts';

/** One change of a good value, and the only fault that it must cause. */
export interface Break {
  readonly path: readonly Step[];
  /** What to put there; undefined takes away what stands there. */
  readonly value: unknown;
  readonly kind: ShapeFault['kind'];
}

type Step = string | number;
type Place = { readonly shape: Shape; readonly value: unknown; readonly path: readonly Step[] };

/** The ways to break one thing of a value that a revision allows. */
export function* breaksOf(slot: Slot, value: unknown, version: Version): Generator<Break> {
  const rule = slot.at.get(version);
  if (rule !== undefined && value !== undefined) yield* inside({ shape: rule.shape, value, path: [] }, version);
}

/** The value with one thing broken. */
export function broken(value: unknown, { path, value: put }: Break): unknown {
  const copy: unknown = structuredClone(value);
  let at = copy as Record<Step, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<Step, unknown>;
  const last = path.at(-1) ?? '';
  if (put === undefined) delete at[last];
  else Object.defineProperty(at, last, { value: put, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** The text of a path, as faults have it. */
export function pathText(path: readonly Step[]): string {
  const texts = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[$\w]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return texts.join('').replace(/^\./, '');
}

function* inside(place: Place, version: Version, told: readonly string[] = []): Generator<Break> {
  const { shape, value, path } = place;
  switch (shape.kind) {
    case 'list':
      for (const [index, item] of (value as unknown[]).entries())
        yield* at({ shape: shape.of, value: item, path: [...path, index] }, version);
      return;
    case 'map':
      for (const [key, item] of Object.entries(value as object))
        yield* at({ shape: shape.of, value: item, path: [...path, key] }, version);
      return;
    case 'object':
      for (const [name, slot] of shape.members)
        if (!told.includes(name)) yield* member(slot, memberOf(value, name), [...path, name], version);
      return;
    case 'either': {
      const chosen = shape.of.find((each) => isListLike(each) === Array.isArray(value));
      if (chosen !== undefined && typeof value === 'object') yield* inside({ ...place, shape: chosen }, version);
      return;
    }
    case 'choice': {
      const text = (memberOf(value, shape.by) ?? shape.absent) as string;
      const rule = shape.cases.get(text)?.at.get(version);
      if (rule !== undefined) yield* inside({ ...place, shape: rule.shape }, version, [shape.by]);
      yield { path: [...path, shape.by], value: 7, kind: 'type' };
      if (shape.other === undefined) yield { path: [...path, shape.by], value: 'no such', kind: 'value' };
      return;
    }
    case 'holding': {
      const [name, slot] = caseOf(shape, value, version);
      const rule = slot?.at.get(version);
      if (rule !== undefined) yield* inside({ ...place, shape: rule.shape }, version, [name]);
      return;
    }
    default:
  }
}

/** What is wrong at a place, and inside of it. */
function* at(place: Place, version: Version): Generator<Break> {
  const { shape, path } = place;
  if (shape.kind !== 'anything') yield { path, value: wrongType(shape), kind: 'type' };
  if (shape.kind === 'words') yield { path, value: 'no such word', kind: 'value' };
  if (shape.kind === 'number' && Number.isFinite(shape.from)) yield { path, value: shape.from - 1, kind: 'value' };
  if (shape.kind === 'number' && Number.isFinite(shape.to)) yield { path, value: shape.to + 1, kind: 'value' };
  yield* inside(place, version);
}

function* member(slot: Slot, value: unknown, path: readonly Step[], version: Version): Generator<Break> {
  const rule = slot.at.get(version);
  if (rule === undefined) {
    const isLater = [...slot.at.keys()].some((each) => each > version);
    yield { path, value: {}, kind: isLater ? 'too-new' : 'removed' };
  } else if (value !== undefined) {
    if (rule.isRequired) yield { path, value: undefined, kind: 'missing' };
    yield* at({ shape: rule.shape, value, path }, version);
  }
}

function caseOf(shape: HoldingShape, value: unknown, version: Version): [string, Slot | undefined] {
  const found = [...shape.cases].find(([name, slot]) => slot.at.has(version) && memberOf(value, name) !== undefined);
  return found ?? ['', shape.otherwise];
}

function isListLike(shape: Shape): boolean {
  return shape.kind === 'list';
}

function wrongType(shape: Shape): unknown {
  if (shape.kind === 'either') return shape.of.some((each) => each.kind === 'choice') ? 'text' : {};
  return ['text', 'words'].includes(shape.kind) ? 7 : 'text';
}

function memberOf(value: unknown, name: string): unknown {
  return Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined;
}
