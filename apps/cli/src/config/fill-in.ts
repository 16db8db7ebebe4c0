import { type Dialect, type Place, type Reference, partsOf } from './dialect.ts';

/** What is known when a text is filled in. */
export interface Known {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly places: Readonly<Record<Place, string>>;
  /** What the person answered, by the id of the input. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The texts of files, by the path as it is written. */
  readonly files: ReadonlyMap<string, string>;
}

/** A text that was filled in. */
export interface Filled {
  readonly text: string;
  /** The same for others to see: what may be a secret stands as it was written. */
  readonly shown: string;
  /** Variables that are not set and have no default. */
  readonly unset: readonly string[];
  /** References that only the host could fill in; they stand as they were written. */
  readonly foreign: readonly string[];
}

/** Fills in a text as the host would. What is put in is not looked at again, so nothing can refer to itself. */
export function fillIn(text: string, dialect: Dialect, known: Known): Filled {
  const unset: string[] = [];
  const foreign: string[] = [];
  let filled = '';
  let shown = '';
  for (const part of partsOf(text, dialect)) {
    if (typeof part === 'string') {
      filled += part;
      shown += part;
      continue;
    }
    const value = valueOf(part, known);
    if (value === undefined && part.kind === 'variable') unset.push(part.name);
    if (value === undefined && part.kind === 'foreign') foreign.push(part.text);
    const isEmpty = part.kind === 'variable' && dialect.unset === 'empty';
    filled += value ?? (isEmpty ? '' : part.text);
    shown += part.kind === 'place' ? known.places[part.place] : part.text;
  }
  return { text: filled, shown, unset, foreign };
}

function valueOf(reference: Reference, { variables, places, inputs, files }: Known): string | undefined {
  switch (reference.kind) {
    case 'variable':
      return (Object.hasOwn(variables, reference.name) ? variables[reference.name] : undefined) ?? reference.fallback;
    case 'place':
      return places[reference.place];
    case 'input':
      return inputs.get(reference.id);
    case 'file':
      return files.get(reference.path);
    case 'foreign':
      return undefined;
  }
}
