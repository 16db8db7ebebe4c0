import { printFilter } from '@mcp-dbg/capture';

import type { FaultAction, FaultRule, FaultWhen } from './fault-rule.ts';
import { printSize, printTime } from './quantities.ts';

/** Writes a rule so that `parseFault` reads the same one again, apart from its text. */
export function printFault({ filter, actions, when, p, side, afterMs }: Omit<FaultRule, 'text'>): string {
  return [
    printFilter(filter),
    '::',
    actions.map(printAction).join(','),
    when && `when=${printWhen(when)}`,
    p !== undefined && `p=${p}`,
    side && `side=${side}`,
    afterMs !== undefined && `after=${printTime(afterMs)}`,
  ]
    .filter((part) => part !== '' && part !== undefined && part !== false)
    .join(' ');
}

/** Writes an action as rules have it. */
export function printAction(action: FaultAction): string {
  const value = valueOf(action);
  return value === undefined ? action.kind : `${action.kind}=${value}`;
}

function valueOf(action: FaultAction): string | undefined {
  switch (action.kind) {
    case 'delay': {
      const { ms, jitterMs } = action;
      return jitterMs === 0 ? printTime(ms) : `${printTime(ms)}±${printTime(jitterMs)}`;
    }
    case 'stall':
      return action.ms === undefined ? undefined : printTime(action.ms);
    case 'drip':
      return `${printSize(action.bytes)}/${printTime(action.everyMs)}`;
    case 'bandwidth':
      return printSize(action.bytesPerSecond);
    case 'reorder':
      return String(action.count);
    case 'truncate':
    case 'big':
    case 'stderr-flood':
      return printSize(action.bytes);
    case 'corrupt':
    case 'id':
    case 'era':
      return action.how;
    case 'noise':
      return inQuotes(action.text);
    case 'error':
      return action.message === undefined ? String(action.code) : `${action.code}:${inQuotes(action.message)}`;
    case 'toolerror':
      return action.message === undefined ? undefined : inQuotes(action.message);
    case 'kill':
      return action.signal;
    case 'exit':
      return String(action.code);
    case 'eof':
      return action.of;
    case 'drop':
    case 'dup':
    case 'glue':
    case 'crlf':
    case 'blank':
    case 'bom':
    case 'hang-exit':
    case 'listchanged':
      return undefined;
  }
}

function printWhen({ first, last, step }: FaultWhen): string {
  if (last === first) return String(first);
  if (last === undefined) return `${first}+${step}`;
  return step === 1 ? `${first}..${last}` : `${first}..${last}+${step}`;
}

function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
