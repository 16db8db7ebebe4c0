/** A table of Markdown. Cells are Markdown already, without line breaks; the bar of code is taken care of. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Text in which nothing is a mark of Markdown, but for code in back ticks. */
export function plain(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`') ? part : part.replaceAll(/[\\*_[\]|]/g, String.raw`\$&`).replaceAll('<', '&lt;'),
    )
    .join('')
    .replaceAll(/(?<!\\)\|/g, String.raw`\|`);
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}
