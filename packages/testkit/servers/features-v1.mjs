// Uses every feature of the legacy era, on @modelcontextprotocol/sdk 1.x. The resources come in pages of two.
// argv: `--alive` makes it change its lists and a resource all the time.
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  ListResourcesRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { capabilities, registerFeatures } from './_features.mjs';
import { paged, subscribable } from './_features-legacy.mjs';

const server = new McpServer({ name: 'features-v1', version: '1.0.0' }, { capabilities });
const { server: peer } = server;

/** Puts one question to the client, as a request of the server's own. */
async function put({ method, params }) {
  switch (method) {
    case 'elicitation/create':
      // This era's URLs have an id, and what is told of it later names it.
      return peer.elicitInput(params.mode === 'url' ? { ...params, elicitationId: 'sign-in' } : params);
    case 'sampling/createMessage':
      return peer.createMessage(params);
    default:
      return peer.listRoots();
  }
}

const asking = (rounds, use) => async () => {
  const answers = {};
  for (const [key, request] of rounds.flatMap((requests) => Object.entries(requests)))
    answers[key] = await put(request);
  return use(answers);
};

registerFeatures(server, {
  ResourceTemplate,
  completable,
  asking,
  of: ({ signal, _meta: meta, sendNotification }) => ({
    signal,
    progressToken: meta?.progressToken,
    notify: sendNotification,
    log: (level, data, logger) => server.sendLoggingMessage({ level, data, logger }),
  }),
});
paged(server, ListResourcesRequestSchema);
subscribable(server, SubscribeRequestSchema, UnsubscribeRequestSchema);
await server.connect(new StdioServerTransport());
