import type { Io } from '../io.ts';
import { statePath } from '../state-folder.ts';

/** The folder in which sign-ins are kept. */
export function signInFolder(io: Pick<Io, 'home' | 'platform'>): string {
  return statePath(io, 'sign-ins');
}
