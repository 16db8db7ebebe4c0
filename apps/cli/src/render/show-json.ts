import { logJson } from './log-json.ts';
import type { Shown } from './show-text.ts';
import { safeJson } from './visible.ts';

/** The same as {@link showText} as one JSON document on one line; exchanges in it are as `log --json` has them. */
export function showJson({ entry, done, whole, during, left, findings }: Shown): string {
  const listed = findings.map(({ rule, level, n, from, message, spec, fix, clients }) => ({
    rule,
    level,
    n: n ?? null,
    from: from ?? null,
    message,
    spec: spec ?? null,
    fix,
    clients: clients ?? null,
  }));
  const lines = during.map((each) => logJson(each).trimEnd());
  const originals = done.map((each) => logJson(each).trimEnd());
  const rest = `"belongsTo":${whole === undefined ? 'null' : logJson(whole).trimEnd()},"during":[${lines.join(',')}],"left":${left},"done":[${originals.join(',')}],"findings":${safeJson(JSON.stringify(listed))}`;
  return `{"exchange":${logJson(entry).trimEnd()},${rest}}\n`;
}
