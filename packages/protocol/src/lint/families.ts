import type { Family } from './check.ts';
import type { Rule } from './rule.ts';
import { cancellation } from './rules/cancellation.ts';
import { capabilities } from './rules/capabilities.ts';
import { lifecycle } from './rules/lifecycle.ts';
import { pagination } from './rules/pagination.ts';
import { ping } from './rules/ping.ts';
import { progress } from './rules/progress.ts';
import { codes } from './rules/codes.ts';
import { ids } from './rules/ids.ts';
import { messageShape } from './rules/message-shape.ts';
import { methods } from './rules/methods.ts';
import { process } from './rules/process.ts';
import { stdio } from './rules/stdio.ts';

/** All rules, with those together that need to know the same of the past. */
export const FAMILIES: readonly Family[] = [
  stdio,
  messageShape,
  ids,
  methods,
  codes,
  process,
  lifecycle,
  ping,
  capabilities,
  cancellation,
  progress,
  pagination,
];

/** Every rule by its id. */
export const RULES: ReadonlyMap<string, Rule> = new Map(FAMILIES.flatMap(({ rules }) => Object.entries(rules)));
