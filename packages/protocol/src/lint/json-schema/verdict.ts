/** One place where a value does not fit a schema. */
export interface SchemaFault {
  /** Where in the value: `days[2].low`; empty for the value itself. Names that a peer chose are in it, as they came. */
  readonly path: string;
  /** What is wrong there, to be read after the path: `is missing`. */
  readonly what: string;
}

/** Faults that one check gives at most. */
export const MAX_FAULTS = 5;

/** Why a value does not fit, and whether all that the schema says was understood, so that no fault means that it fits. */
export interface Verdict {
  readonly faults: readonly SchemaFault[];
  readonly isSure: boolean;
}

export const FITS: Verdict = { faults: [], isSure: true };
export const UNSURE: Verdict = { faults: [], isSure: false };

/** The verdict where all of several have to fit. */
export function together(verdicts: Iterable<Verdict>): Verdict {
  const faults: SchemaFault[] = [];
  let isSure = true;
  for (const verdict of verdicts) {
    faults.push(...verdict.faults);
    isSure &&= verdict.isSure;
    if (faults.length >= MAX_FAULTS) break;
  }
  return { faults, isSure };
}

/** True where a value certainly fits. */
export function doesFit({ faults, isSure }: Verdict): boolean {
  return faults.length === 0 && isSure;
}

/** The verdict on a value that does not fit. */
export function faultAt(path: string, what: string): Verdict {
  return { faults: [{ path, what }], isSure: true };
}

/** The path to a member of what a path leads to. */
export function joined(path: string, name: string): string {
  const step = /^[A-Za-z_$][\w$]{0,59}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 60))}]`;
  return path === '' && step.startsWith('.') ? name : path + step;
}

/** The first two faults in a phrase. */
export function faultWords(faults: readonly SchemaFault[]): string {
  const words = faults.slice(0, 2).map(({ path, what }) => `${path === '' ? 'the whole' : path.slice(0, 120)} ${what}`);
  return faults.length > 2 ? `${words.join(', ')}, …` : words.join(', ');
}
