import { CoreError, type CoreErrorCode } from './errors.ts';

/** Why a start failed. */
export interface FailedStart {
  readonly error: Error;
  /** True where the server had been ready, so that its end has been told. */
  readonly wasReady: boolean;
}

/** A start that came to nothing, by what it threw. */
export function failedStart(thrown: unknown): FailedStart {
  return { error: thrown instanceof Error ? thrown : new Error(String(thrown)), wasReady: false };
}

/** True where the server wants to know who we are, and nobody says so by trying again. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof CoreError && REFUSALS.has(thrown.code);
}

const REFUSALS: ReadonlySet<CoreErrorCode> = new Set([
  'UNAUTHORIZED',
  'SIGN_IN_NEEDED',
  'SIGN_IN_FAILED',
  'UNSAFE_SIGN_IN',
]);
