import type { FormIo } from '../chat/form/form-io.ts';

/**
 * Asks until the answer is one of the words or the first letter of one: a sentence that begins with that letter is none.
 * Undefined when the person gives up.
 */
export async function chooseLetter<Word extends string>(
  form: FormIo,
  question: string,
  words: readonly Word[],
): Promise<Word | undefined> {
  const choices = words.map((word) => `[${word.charAt(0)}]${word.slice(1)}`).join(', ');
  for (let prefix = question; ; prefix = 'Please answer') {
    const line = await form.ask(`${prefix} ${choices}: `);
    if (line === undefined) return undefined;
    const typed = line.trim().toLowerCase();
    const chosen = words.find((word) => typed === word || typed === word.charAt(0));
    if (chosen !== undefined) return chosen;
  }
}
