import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiError, apiError, errorBody } from './api-error.ts';
import { type MessageHead, messageEvents } from './message-events.ts';
import type { Cue } from './script-player.ts';

/** Sends a message as server-sent events, up to the fault that the cue asks for. */
export async function streamMessage(cue: Cue, head: MessageHead, response: ServerResponse, id: string): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for (const event of messageEvents(cue, head)) {
    if (event.type === 'message_delta' && (cue.disconnect || cue.error !== undefined)) break;
    if (cue.drip > 0 && event.type === 'content_block_delta') await wait(cue.drip, undefined, { signal: gone.signal });
    await written(response, `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  if (cue.disconnect) return void response.destroy();
  if (cue.error !== undefined) {
    await written(
      response,
      `event: error\ndata: ${JSON.stringify(errorBody(apiError(cue.error.status, cue.error.message), id))}\n\n`,
    );
  }
  response.end();
}

/** Resolves when the text has left this process, so that a broken connection cannot take it back. */
function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Answers with an error in the API's form. */
export function refuse(response: ServerResponse, error: ApiError, id: string): void {
  response.writeHead(error.status, {
    'content-type': 'application/json',
    ...(error.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(error.retryAfterMs) }),
  });
  response.end(JSON.stringify(errorBody(error, id)));
}
