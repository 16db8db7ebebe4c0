import { packageRules } from './package-rules.ts';
import { pageRules } from './page-rules.ts';
import type { Rule } from './rule.ts';
import { sourceRules } from './source-rules.ts';

/** Every rule of the house that a look at the files can judge. */
export const rules: readonly Rule[] = [...sourceRules, ...packageRules, ...pageRules];
