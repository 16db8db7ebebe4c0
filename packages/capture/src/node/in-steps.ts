import { setImmediate } from 'node:timers/promises';

import { decoded } from './capture-input.ts';

/** Steps after which others get their turn: some megabytes of a file. */
const STEPS_AT_A_TIME = 16;

/** Does step after step until one says that it was the last, and gives way after each few. Errors call the file by its name. */
export async function* inSteps(name: string, step: () => boolean): AsyncGenerator<void, void, undefined> {
  for (let count = 1; decoded(name, step); count++) {
    if (count % STEPS_AT_A_TIME > 0) continue;
    yield;
    await setImmediate();
  }
}
