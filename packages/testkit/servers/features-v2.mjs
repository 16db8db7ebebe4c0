// Uses every feature of both eras, on @modelcontextprotocol/server 2.x. The resources come in pages of two, and the
// lists may be kept for a minute. argv: `--modern-only` makes it refuse `initialize`. `--alive` makes it change its lists
// and a resource all the time.
import { McpServer, ResourceTemplate, completable, inputRequired } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { capabilities, registerFeatures } from './_features.mjs';
import { paged, subscribable } from './_features-legacy.mjs';

const legacy = process.argv.includes('--modern-only') ? 'reject' : 'serve';
const kept = { ttlMs: 60_000, cacheScope: 'private' };

/** What comes back tells which round it answers. It has what a careless client would change on the way. */
const stateOf = (round) => `round ${round}: é "\\/ \u{1F600}\u0000`;

/** Asks by the answer; the SDK makes requests of it in the legacy era. One round needs no state. */
const asking =
  (rounds, use) =>
  (...given) => {
    const { inputResponses, requestState } = given.at(-1).mcpReq;
    const states = rounds.length === 1 ? [undefined] : rounds.map((_, round) => stateOf(round));
    const answered = inputResponses === undefined ? -1 : states.indexOf(requestState());
    if (inputResponses !== undefined && answered === -1)
      throw new Error(`Nobody gave the state ${JSON.stringify(requestState())}`);
    const inputRequests = rounds[answered + 1];
    const state = states[answered + 1];
    if (inputRequests === undefined) return use(inputResponses);
    return inputRequired({ inputRequests, ...(state !== undefined && { requestState: state }) });
  };

serveStdio(
  ({ era }) => {
    const cacheHints = { 'tools/list': kept, 'prompts/list': kept };
    const server = new McpServer({ name: 'features-v2', version: '1.0.0' }, { capabilities, cacheHints });
    registerFeatures(server, {
      ResourceTemplate,
      completable,
      asking,
      of: ({ mcpReq }) => ({
        signal: mcpReq.signal,
        progressToken: mcpReq._meta?.progressToken,
        notify: mcpReq.notify,
        log: mcpReq.log,
      }),
    });
    paged(server, 'resources/list');
    if (era === 'legacy') subscribable(server, 'resources/subscribe', 'resources/unsubscribe');
    return server;
  },
  { legacy },
);
