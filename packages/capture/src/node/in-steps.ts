import { setImmediate } from 'node:timers/promises';

import { CaptureError } from '../capture-error.ts';

/** Steps after which others get their turn: some megabytes of a file. */
const STEPS_AT_A_TIME = 16;

/** Does step after step until one says that it was the last, and gives way after each few. Errors name the file. */
export async function* inSteps(path: string, step: () => boolean): AsyncGenerator<void, void, undefined> {
  for (let count = 1; named(path, step); count++) {
    if (count % STEPS_AT_A_TIME > 0) continue;
    yield;
    await setImmediate();
  }
}

/** Who reads bytes knows no paths; a person needs to be told which file it is about. */
function named<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CaptureError) || error.code === 'UNAVAILABLE') throw error;
    throw new CaptureError(error.code, `Cannot read "${path}": ${error.message}`, { cause: error });
  }
}
