/**
 * A command as a shell would need it, so that it is seen where a word ends and what it holds; masked secrets stay three
 * stars. Not safe to print.
 */
export function commandText(argv: readonly string[]): string {
  return argv.map((word) => (/^(?:[\w@%+=:,./-]|\*{3})+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
