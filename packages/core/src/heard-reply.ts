import type { Model, ModelReply, ModelRequest } from './model.ts';

/**
 * A model's reply as it comes. Throws what the model throws, and the signal's reason as soon as that is aborted, also
 * where the model does not notice: the fetch of some versions of Node never ends when it is aborted in the middle of a body.
 */
export async function* heardReply(model: Model, request: ModelRequest): AsyncGenerator<string, ModelReply> {
  const { signal } = request;
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
  });
  aborted.catch(() => {});
  const reply = model.reply(request);
  try {
    for (;;) {
      const next = await Promise.race([reply.next(), aborted]);
      if (next.done === true) return next.value;
      yield next.value;
    }
  } finally {
    over.abort();
    // Where nobody listens any more, the model is to stop too; one that is deaf may never do so.
    reply.return(undefined as never).catch(() => {});
  }
}
