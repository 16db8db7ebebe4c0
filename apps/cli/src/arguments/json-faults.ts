/** Digits and exponent of a number in JSON. */
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const TOKEN = /-?\d[\d.eE+-]*/y;

/**
 * Says in a sentence what of a JSON text would be lost on its way through a program: digits of a number, or the first of two members
 * of one name. Undefined where nothing is. The text must be valid JSON; it takes one pass, however deep it is.
 */
export function jsonFault(json: string): string | undefined {
  /** The names of the members of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < json.length; at++) {
    const char = json.charAt(at);
    if (char === '{' || char === '[') {
      isKey = char === '{';
      open.push(isKey ? new Set() : undefined);
    } else if (char === '}' || char === ']') {
      open.pop();
      isKey = false;
    } else if (char === ',') {
      isKey = open.at(-1) !== undefined;
    } else if (char === '"') {
      const end = endOfString(json, at);
      const names = isKey ? open.at(-1) : undefined;
      if (names !== undefined) {
        const name = String(JSON.parse(json.slice(at, end)));
        if (names.has(name)) return `The member ${JSON.stringify(name.slice(0, 80))} is given twice in one object`;
        names.add(name);
      }
      isKey = false;
      at = end - 1;
    } else if (/[-\d]/.test(char)) {
      TOKEN.lastIndex = at;
      const number = TOKEN.exec(json)?.[0] ?? char;
      if (!isExact(number)) return inexact(number);
      at += number.length - 1;
    }
  }
  return undefined;
}

function inexact(number: string): string {
  const shown = number.length > 80 ? `${number.slice(0, 80)}…` : number;
  const value = Number(number);
  const isBig = !Number.isFinite(value) || (Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isInteger(value));
  const why = isBig ? 'is too big to be sent exactly' : `cannot be sent exactly, it would become ${value}`;
  return `The number ${shown} ${why}; where the tool takes text, send it in quotes`;
}

/** True for a number that is the same after it was a double. */
function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && canonical(number) === canonical(String(value));
}

/** The same text for the same number, whatever its form; the sign does not matter here. */
function canonical(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === '' ? '0' : `${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

/** Where a string ends (exclusive) that begins at `from`. */
function endOfString(json: string, from: number): number {
  let at = from + 1;
  while (json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}
