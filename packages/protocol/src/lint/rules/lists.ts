import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { hiddenTextIn } from '../hidden-text.ts';
import { listedTools } from '../listed-tools.ts';
import { named } from '../shortened.ts';
import { ALL } from '../rule.ts';

/** Bytes that the definitions of all tools may cost a model before it is worth a word. */
const MAX_COST = 25_000;

/** Names of one list that are remembered, and how long one may be. */
const MAX_NAMES = 10_000;
const MAX_NAME = 1000;

/** The lists whose items a model or a person reads, by method: where the items are, and what one is called. */
const LISTS: Readonly<Record<string, readonly [key: string, item: string]>> = {
  'tools/list': ['tools', 'tool'],
  'prompts/list': ['prompts', 'prompt'],
  'resources/list': ['resources', 'resource'],
  'resources/templates/list': ['resourceTemplates', 'template'],
};

/** What a list of tools, prompts or resources is as a whole. */
export const lists: Family = family(
  {
    'tools/unique-names': {
      title: 'A tool has a name that no other tool of the server has',
      level: 'warning',
      once: 'side',
      versions: ALL,
      spec: 'server/tools',
      fix: 'Rename one of the two: clients call one of them, and nobody knows which.',
    },
    'tools/order': {
      title: 'A list of the same tools has the same order each time',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Keep the order in which tools are registered, or sort them by name: a new order makes the cache of a prompt useless.',
    },
    'tools/context-cost': {
      title: `The tools of a server cost a model at most ${MAX_COST / 1000} kB`,
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Shorten descriptions and schemas, or have fewer tools: a model pays for all of them with every request.',
    },
    'content/hidden-text': {
      title: 'Names, titles and descriptions have no characters that a person does not see',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Remove the character, and look at what is around it: text that only the model reads may be an attack.',
    },
  },
  (report) => {
    let before: readonly string[] = [];
    let names: string[] = [];
    let cost = 0;
    const checkTools = (seen: SeenAnswer): void => {
      const tools = listedTools(seen);
      if (tools === undefined) return;
      const { asked, reading, frame } = seen;
      if (!isObject(asked?.params) || asked.params['cursor'] === undefined) [names, cost] = [[], 0];
      const known = new Set(names);
      for (const tool of tools) {
        const { name } = tool;
        if (name === undefined || name.length > MAX_NAME || names.length >= MAX_NAMES) continue;
        if (known.has(name))
          report('tools/unique-names', seen, `The server lists two tools named ${named(name)}`, {
            about: name,
            quote: tool.quote,
          });
        known.add(name);
        names.push(name);
      }
      cost += frame.bytes.length;
      if (reading.kind === 'result' && isObject(reading.result) && reading.result['nextCursor'] !== undefined) return;
      if (cost > MAX_COST)
        report(
          'tools/context-cost',
          seen,
          `The server lists ${names.length} tools in ${thousands(cost)} kB, about ${thousands(cost / 4)} thousand tokens`,
        );
      if (isOtherOrder(before, names))
        report('tools/order', seen, 'The server lists the same tools as before in another order');
      before = names;
    };
    const checkText = (seen: SeenAnswer): void => {
      const { asked, reading } = seen;
      if (asked === undefined || !READ.has(asked.method)) return;
      if (reading.kind !== 'result' || !isObject(reading.result) || !MAY_HIDE.test(reading.text)) return;
      for (const [title, read] of readBy(asked.method, reading.result)) {
        const hidden = hiddenTextIn(read);
        if (hidden === undefined) continue;
        const place = hidden.path === '' ? '' : `${hidden.path.slice(0, 120)} of `;
        report('content/hidden-text', seen, `The server has ${hidden.character} in ${place}${title}`, { about: title });
      }
    };
    return {
      answer: (seen) => {
        checkTools(seen);
        checkText(seen);
      },
    };
  },
);

/** The methods whose results say what a server has, and what it is for. */
const READ: ReadonlySet<string> = new Set(['initialize', 'server/discover', ...Object.keys(LISTS)]);

/** What a model or a person reads of a result: the items of a list, or what a server says of itself. */
function readBy(method: string, result: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  const list = Object.hasOwn(LISTS, method) ? LISTS[method] : undefined;
  if (list === undefined) return [['its instructions', result['instructions']]];
  const items = result[list[0]];
  if (!Array.isArray(items)) return [];
  return items.map((item: unknown, index) => {
    const name = isObject(item) ? item['name'] : undefined;
    return [`the ${list[1]} ${typeof name === 'string' ? named(name) : `number ${index + 1}`}`, item];
  });
}

/** A line of plain characters, with no escapes but the usual ones, hides nothing. */
const MAY_HIDE = /[^\x20-\x7e]|\\[ubf]/;

function isOtherOrder(before: readonly string[], now: readonly string[]): boolean {
  if (before.length !== now.length || before.every((name, index) => name === now[index])) return false;
  const there = new Set(before);
  return there.size === now.length && now.every((name) => there.has(name));
}

function thousands(count: number): string {
  return (count / 1000).toFixed(0);
}
