import { type Context, Script, createContext } from 'node:vm';

const place: { step: () => void } = { step: () => {} };
const script = new Script('step()');
let context: Context | undefined;

/**
 * Runs a step that nobody could interrupt, such as a pattern of a stranger's that never ends. Gives its value;
 * undefined where it took longer than so many milliseconds, and was ended in the middle, its `finally` left out.
 */
export function withinTime<Value>(step: () => Value, ms: number): { readonly value: Value } | undefined {
  let done: { readonly value: Value } | undefined;
  place.step = () => void (done = { value: step() });
  // The time limit of a script holds for what it calls, too.
  context ??= createContext(place);
  try {
    script.runInContext(context, { timeout: ms });
  } catch (error) {
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === TOOK_LONGER)) throw error;
  } finally {
    place.step = () => {};
  }
  return done;
}

const TOOK_LONGER = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
