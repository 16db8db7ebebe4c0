import { type Filter, FilterError, type FilterNode, compileFilter, parseFilter } from '@mcp-dbg/capture';

/** Why a key, or one of its words, finds nothing in traffic that is still passing. */
const NOT_LIVE: Readonly<Record<string, string>> = {
  level: 'findings are made by reading a capture (mcp-dbg lint)',
  rule: 'findings are made by reading a capture (mcp-dbg lint)',
  n: 'frames get their numbers in the capture',
  conn: 'connections get their numbers in the capture',
  server: 'there is one server, and it has no name here',
  'is:lost': 'whether a request is lost is known when the server has ended',
  'status:lost': 'whether a request is lost is known when the server has ended',
  'is:stderr': 'only frames pass here',
  'kind:stderr': 'only frames pass here',
  'from:stderr': 'only frames pass here',
  'is:event': 'only frames pass here',
  'kind:event': 'only frames pass here',
};

/**
 * Reads a filter that is to judge frames while they pass. The empty one lets every frame through. Throws FilterError
 * where it cannot be read, and where a part of it can only be known of a finished log, with the reason.
 */
export function liveFilter(text: string): Filter {
  const tree = parseFilter(text);
  const filter = compileFilter(tree);
  const dead = tree.kind === 'all' ? undefined : deadTerm(tree);
  if (dead === undefined) return filter;
  const [key = ''] = dead.split(':');
  // A key of its own, not the end of another word.
  const at = new RegExp(String.raw`(?<![\w.])${key}\s*:`, 'i').exec(text)?.index ?? 0;
  const shown = dead === key ? `${key}:` : dead;
  throw new FilterError(
    `"${shown}" cannot be asked while frames pass: ${NOT_LIVE[dead] ?? ''}; leave it out`,
    at,
    shown.length,
  );
}

/** The first term that needs a finished log, as it is listed above; undefined where there is none. */
function deadTerm(node: FilterNode): string | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.terms.map(deadTerm).find((dead) => dead !== undefined);
    case 'not':
      return deadTerm(node.term);
    case 'key': {
      const names = [node.key, ...node.values.map(({ text }) => `${node.key}:${text.toLowerCase()}`)];
      return names.find((name) => Object.hasOwn(NOT_LIVE, name));
    }
    case 'word':
    case 'regex':
    case 'path':
      return undefined;
  }
}
