import { localTarget } from './local-target.ts';
import type { Subschema } from './subschemas.ts';

/** The references of a schema that lead nowhere, out of it, or in a circle; each a `$ref` as it is written. */
export interface References {
  readonly lost: string | undefined;
  readonly remote: string | undefined;
  readonly circular: string | undefined;
}

/** References that are looked at. */
const MAX_REFERENCES = 500;

/** Looks at the references between parts of one schema; in a part with an `$id` of its own we cannot tell. */
export function referencesIn(root: unknown, parts: readonly Subschema[]): References {
  const isNested = parts.some(({ schema, under }) => under !== undefined && typeof schema['$id'] === 'string');
  const refs = parts
    .flatMap(({ schema, pointer }) => (typeof schema['$ref'] === 'string' ? [{ at: pointer, to: schema['$ref'] }] : []))
    .slice(0, MAX_REFERENCES);
  const known = new Set(parts.map(({ schema }) => schema['$id']).filter((id) => typeof id === 'string'));
  const remote = refs.find(({ to }) => /^https?:/i.test(to) && !known.has(to.replace(/#.*$/s, '')));
  if (isNested) return { lost: undefined, remote: remote?.to, circular: undefined };
  return {
    lost: refs.find(({ to }) => localTarget(root, to).kind === 'nowhere')?.to,
    remote: remote?.to,
    circular: circleIn(refs),
  };
}

interface Reference {
  /** The pointer to the schema that refers. */
  readonly at: string;
  readonly to: string;
}

/** A reference from within what it leads to, directly or over others. */
function circleIn(refs: readonly Reference[]): string | undefined {
  const targets = new Set(refs.map(({ to }) => to));
  let edges = refs.flatMap(({ at, to }) =>
    [...outerOf(at)].filter((each) => targets.has(each)).map((from) => ({ from, to })),
  );
  // What refers to nothing is in no circle; when all that is taken away, circles are what is left.
  for (let before = -1; before !== edges.length;) {
    before = edges.length;
    const open = new Set(edges.map(({ from }) => from));
    edges = edges.filter(({ to }) => open.has(to));
  }
  return edges[0]?.to;
}

/** A pointer and those of all schemas around it. */
function* outerOf(pointer: string): Generator<string, void> {
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) yield pointer.slice(0, end);
}
