/** An error answer of the Messages API. */
export interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** The API's error types: https://docs.claude.com/en/api/errors */
const TYPES: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

export function apiError(status: number, message: string, retryAfterMs?: number): ApiError {
  return { status, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The body of an error answer, and the payload of an error in mid-stream. */
export function errorBody({ status, message }: ApiError, requestId: string): object {
  const type = TYPES.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message }, request_id: requestId };
}
