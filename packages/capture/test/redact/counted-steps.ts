const { exec } = RegExp.prototype;
const { charAt, charCodeAt, indexOf, slice } = String.prototype;

/**
 * How many characters are looked at while something works: by regular expressions, from where each try begins to the end
 * of its match or of the text, and by the methods of strings. What an expression does within one try does not count.
 */
export function countedSteps(work: () => void): number {
  let steps = 0;
  const counting = {
    exec(this: RegExp, text: string): RegExpExecArray | null {
      const from = this.global || this.sticky ? this.lastIndex : 0;
      const found = exec.call(this, text);
      if (found !== null) steps += found.index + found[0].length - from + 1;
      else steps += this.sticky ? 1 : Math.max(text.length - from, 0) + 1;
      return found;
    },
    charAt(this: string, at: number): string {
      steps++;
      return charAt.call(this, at);
    },
    charCodeAt(this: string, at: number): number {
      steps++;
      return charCodeAt.call(this, at);
    },
    indexOf(this: string, part: string, from = 0): number {
      const found = indexOf.call(this, part, from);
      steps += (found === -1 ? this.length : found) - from + 1;
      return found;
    },
    slice(this: string, start?: number, end?: number): string {
      const part = slice.call(this, start, end);
      steps += part.length + 1;
      return part;
    },
  };
  const { exec: countingExec, ...countingText } = counting;
  Object.assign(RegExp.prototype, { exec: countingExec });
  Object.assign(String.prototype, countingText);
  try {
    work();
  } finally {
    Object.assign(RegExp.prototype, { exec });
    Object.assign(String.prototype, { charAt, charCodeAt, indexOf, slice });
  }
  return steps;
}
