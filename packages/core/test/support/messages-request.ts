export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const tool = { name: 'echo', input_schema: { type: 'object' } };
export const asked = { role: 'user', content: 'hi' };
export const use = (id: string): object => ({ type: 'tool_use', id, name: 'echo', input: {} });
export const called = (...ids: readonly string[]): object => ({ role: 'assistant', content: ids.map(use) });
export const result = (id: string, more: object = {}): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...more,
});
export const answered = (...blocks: readonly object[]): object => ({ role: 'user', content: blocks });
export const image = (media_type: string, data: string): object => ({
  type: 'image',
  source: { type: 'base64', media_type, data },
});
export const text = (value: unknown): object => ({ type: 'text', text: value });

export const valid = { model: 'any', max_tokens: 10, messages: [asked], tools: [tool] };

interface Answer {
  readonly error?: { readonly type: string; readonly message: string };
  readonly [key: string]: unknown;
}

/** Sends one request and reads its whole answer. */
export async function post(
  api: { url: string; token: string },
  body: object | string,
  headers?: Record<string, string>,
): Promise<{ status: number; answer: Answer }> {
  const response = await send(api, body, headers);
  return { status: response.status, answer: (await response.json()) as Answer };
}

/** Sends one request, with the key of the server unless told otherwise. */
export function send(
  api: { url: string; token: string },
  body: object | string,
  headers: Record<string, string> = { authorization: `Bearer ${api.token}` },
): Promise<Response> {
  return fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2026-10-21', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
