/** Characters of a description, at most. */
const LIMIT = 60;

/**
 * What a value is, in at most 60 characters that look like JSON: `"a string"`, `[3 items]`, `{"name", "type"}`. The
 * text may be a peer's own, as it came. Looks at no more of the value than it shows, and never throws.
 */
export function foundText(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      return cut(quoted(value));
    case 'number':
    case 'boolean':
    case 'bigint':
      return cut(String(value));
    case 'object':
      return value === null ? 'null' : cut(Array.isArray(value) ? foundItems(value.length) : foundMembers(value));
    default:
      return `a ${typeof value}`;
  }
}

function foundItems(count: number): string {
  if (count === 0) return '[]';
  return count === 1 ? '[1 item]' : `[${count} items]`;
}

function foundMembers(value: object): string {
  let members = '';
  for (const key of Object.keys(value)) {
    if (members.length > LIMIT) break;
    members += `${members === '' ? '' : ', '}${quoted(key)}`;
  }
  return `{${members}}`;
}

/** A string as JSON writes it, as much of it as can be shown. */
function quoted(value: string): string {
  return JSON.stringify(value.slice(0, LIMIT));
}

function cut(text: string): string {
  return text.length <= LIMIT ? text : `${text.slice(0, LIMIT - 1)}…`;
}
