import type { FilterSide } from '@mcp-dbg/capture';

import { actionNamed } from './action-table.ts';
import type { FaultRule } from './fault-rule.ts';

/**
 * The side of an exchange that a rule is for: the one it names, else `req` where one of its actions is for requests, else
 * `res`. Undefined for both sides, where it has no filter and no action that is for one side alone.
 */
export function sideOf({
  side,
  filter,
  actions,
}: Pick<FaultRule, 'side' | 'filter' | 'actions'>): FilterSide | undefined {
  if (side !== undefined) return side;
  const rows = actions.flatMap(({ kind }) => actionNamed(kind) ?? []);
  if (filter.kind === 'all' && !rows.some(({ isSided }) => isSided)) return undefined;
  return rows.some((row) => row.side === 'req') ? 'req' : 'res';
}
