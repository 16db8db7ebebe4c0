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

/** All rules, with those together that need to know the same of the past. */
export const FAMILIES: readonly Family[] = [
  stdio,
  messageShape,
  ids,
  methods,
  codes,
  process,
  lifecycle,
  agreedVersion,
  ping,
  capabilities,
  cancellation,
  progressTokens,
  progress,
  pagination,
  toolDefinitions,
  toolSchemas,
  toolParameters,
  lists,
  fetches,
  toolCalls,
  structuredContent,
  content,
  answerSizes,
  shapes,
  elicitation,
  sampling,
  roots,
  tasks,
  taskUse,
  deprecated,
  envelope,
  metaNames,
  metaValues,
  versioning,
  direction,
  results,
  inputRequired,
  inputRetry,
  subscriptionLife,
  subscriptionNews,
  modernCancellation,
  modernLogging,
  caching,
  stableTools,
  extensions,
  taskResults,
  taskStates,
  headerNames,
];

/** Every rule by its id. */
export const RULES: ReadonlyMap<string, Rule> = new Map(FAMILIES.flatMap(({ rules }) => Object.entries(rules)));
