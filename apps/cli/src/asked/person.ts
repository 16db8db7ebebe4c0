import type { FormIo } from '../chat/form/form-io.ts';

/**
 * Puts the questions of one matter to the person, after those of others, until the signal ends them. Undefined where
 * nobody can be asked at the moment, such as while the person types something else.
 */
export type AskPerson = <T>(signal: AbortSignal, use: (form: FormIo) => Promise<T>) => Promise<T | undefined>;
