import type { Family } from './check.ts';
import type { Rule } from './rule.ts';
import { agreedVersion } from './rules/agreed-version.ts';
import { answerSizes } from './rules/answer-sizes.ts';
import { caching } from './rules/caching.ts';
import { cancellation } from './rules/cancellation.ts';
import { capabilities } from './rules/capabilities.ts';
import { codes } from './rules/codes.ts';
import { content } from './rules/content.ts';
import { deprecated } from './rules/deprecated.ts';
import { direction } from './rules/direction.ts';
import { elicitation } from './rules/elicitation.ts';
import { envelope } from './rules/envelope.ts';
import { extensions } from './rules/extensions.ts';
import { fetches } from './rules/fetches.ts';
import { headerNames } from './rules/header-names.ts';
import { ids } from './rules/ids.ts';
import { inputRequired } from './rules/input-required.ts';
import { inputRetry } from './rules/input-retry.ts';
import { lifecycle } from './rules/lifecycle.ts';
import { lists } from './rules/lists.ts';
import { messageShape } from './rules/message-shape.ts';
import { metaNames } from './rules/meta-names.ts';
import { metaValues } from './rules/meta-values.ts';
import { methods } from './rules/methods.ts';
import { modernCancellation } from './rules/modern-cancellation.ts';
import { modernLogging } from './rules/modern-logging.ts';
import { pagination } from './rules/pagination.ts';
import { ping } from './rules/ping.ts';
import { process } from './rules/process.ts';
import { progress } from './rules/progress.ts';
import { progressTokens } from './rules/progress-tokens.ts';
import { results } from './rules/results.ts';
import { roots } from './rules/roots.ts';
import { sampling } from './rules/sampling.ts';
import { shapes } from './rules/shapes.ts';
import { stableTools } from './rules/stable-tools.ts';
import { stdio } from './rules/stdio.ts';
import { structuredContent } from './rules/structured-content.ts';
import { subscriptionLife } from './rules/subscription-life.ts';
import { subscriptionNews } from './rules/subscription-news.ts';
import { taskResults } from './rules/task-results.ts';
import { taskStates } from './rules/task-states.ts';
import { taskUse } from './rules/task-use.ts';
import { tasks } from './rules/tasks.ts';
import { toolCalls } from './rules/tool-calls.ts';
import { toolDefinitions } from './rules/tool-definitions.ts';
import { toolParameters } from './rules/tool-parameters.ts';
import { toolSchemas } from './rules/tool-schemas.ts';
import { versioning } from './rules/versioning.ts';

/**
 * The rules that do not hold for a server behind a URL, which has neither pipes nor a process, and may refuse a request
 * without naming it (basic/transports); a `*` stands for all that begin so.
 */
export const PROCESS_RULES: readonly string[] = ['stdio/*', 'process/*', 'json-rpc/id-null'];

/** All rules by what they are about, with those together that need to know the same of the past. */
export const FAMILIES: readonly Family[] = [
  // Lines, JSON-RPC and the process: what holds whatever a message is about.
  stdio,
  messageShape,
  ids,
  methods,
  codes,
  process,

  // Params and results as the version in use has them; what another rule says better is left to it (shape-owners.ts).
  shapes,

  // How a legacy connection opens, and what was announced then.
  lifecycle,
  agreedVersion,
  capabilities,
  ping,

  // What modern messages say of themselves, in place of an opening.
  envelope,
  metaNames,
  metaValues,
  versioning,
  direction,
  results,
  extensions,

  // What goes with a request, in either era: progress, cancellation, pages.
  progressTokens,
  progress,
  cancellation,
  modernCancellation,
  pagination,
  modernLogging,

  // Tools: how they are listed, called and answered.
  toolDefinitions,
  toolSchemas,
  toolParameters,
  headerNames,
  stableTools,
  toolCalls,
  structuredContent,

  // What lists and results hold, how large they are, and how often they are fetched.
  lists,
  content,
  answerSizes,
  fetches,
  caching,

  // What servers ask of clients: as requests in the legacy era, by input_required in the modern one.
  elicitation,
  sampling,
  roots,
  inputRequired,
  inputRetry,

  // Modern subscriptions.
  subscriptionLife,
  subscriptionNews,

  // Tasks: of 2025-11-25, then of the extension.
  tasks,
  taskUse,
  taskResults,
  taskStates,

  // What works and has a successor.
  deprecated,
];

/** Every rule by its id. */
export const RULES: ReadonlyMap<string, Rule> = new Map(FAMILIES.flatMap(({ rules }) => Object.entries(rules)));
