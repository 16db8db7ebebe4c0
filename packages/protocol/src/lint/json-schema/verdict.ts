/** One place where a value does not fit a schema. */
export interface SchemaFault {
  /** Where in the value: `days[2].low`; empty for the value itself. Names that a peer chose are in it, as they came. */
  readonly path: string;
  /** What is wrong there, to be read after the path: `is missing`. */
  readonly what: string;
}

/** Faults that one check gives at most. */
export const MAX_FAULTS = 5;

/** Characters of a name that a path shows, and of a path that a phrase shows. */
const MAX_NAME = 60;
const MAX_PATH = 120;

/** Why a value does not fit, and whether all that the schema says was understood, so that no fault means that it fits. */
export interface Verdict {
  readonly faults: readonly SchemaFault[];
  readonly isSure: boolean;
}

export const FITS: Verdict = { faults: [], isSure: true };
export const UNSURE: Verdict = { faults: [], isSure: false };

/** The verdict on a value that does not fit. */
export function misfit(what: string): Verdict {
  return { faults: [{ path: '', what }], isSure: true };
}

/** The verdict where both have to fit. */
export function both(one: Verdict, other: Verdict): Verdict {
  if (one === FITS) return other;
  if (other === FITS) return one;
  if (one.faults.length === 0 && other.faults.length === 0) return UNSURE;
  return { faults: [...one.faults, ...other.faults].slice(0, MAX_FAULTS), isSure: one.isSure && other.isSure };
}

/** The verdict on what a member or an item holds, as one on the whole. Paths are made of faults only: most values fit. */
export function inside(step: string | number, verdict: Verdict): Verdict {
  if (verdict.faults.length === 0) return verdict;
  const text = typeof step === 'number' ? `[${step}]` : memberStep(step);
  return { ...verdict, faults: verdict.faults.map(({ path, what }) => ({ path: joined(text, path), what })) };
}

/** The first two faults in a phrase. */
export function faultWords(faults: readonly SchemaFault[]): string {
  const words = faults
    .slice(0, 2)
    .map(({ path, what }) => `${path === '' ? 'the whole' : path.slice(0, MAX_PATH)} ${what}`);
  return faults.length > 2 ? `${words.join(', ')}, …` : words.join(', ');
}

function memberStep(name: string): string {
  return /^[A-Za-z_$][\w$]{0,59}$/.test(name) ? name : `[${JSON.stringify(name.slice(0, MAX_NAME))}]`;
}

function joined(step: string, path: string): string {
  return path === '' || path.startsWith('[') ? step + path : `${step}.${path}`;
}
