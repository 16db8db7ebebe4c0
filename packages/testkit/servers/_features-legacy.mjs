// What McpServer of both SDKs leaves to the server below it: pages, and the subscriptions of the legacy era. A handler
// is set by its schema in 1.x and by its method in 2.x.
const PAGE = 2;

/** Gives the list that stands in `server` in pages. */
export function paged(server, key, method = key) {
  const whole = server.server['_requestHandlers'].get('resources/list');
  server.server.setRequestHandler(method, async (request, extra) => {
    const { resources } = await whole({ ...request, params: {} }, extra);
    const start = Number(request.params?.cursor ?? 0);
    const end = start + PAGE;
    const page = resources.slice(start, end);
    return { resources: page, ...(end < resources.length && { nextCursor: String(end) }) };
  });
}

/** Tells of changes of those resources alone that somebody subscribed to. */
export function subscribable({ server }, subscribe, unsubscribe) {
  const wanted = new Set();
  const tell = server.sendResourceUpdated.bind(server);
  server.sendResourceUpdated = async (params) => {
    if (wanted.has(params.uri)) await tell(params);
  };
  server.setRequestHandler(subscribe, ({ params }) => {
    wanted.add(params.uri);
    return {};
  });
  server.setRequestHandler(unsubscribe, ({ params }) => {
    wanted.delete(params.uri);
    return {};
  });
}
