import type { Elicitation, ElicitationAnswer } from '@mcp-dbg/core';

import { fillForm } from '../chat/form/fill-form.ts';
import type { FormIo } from '../chat/form/form-io.ts';
import { safeJson, visible } from '../render/visible.ts';
import { chooseLetter } from './choose-letter.ts';
import { quoted } from './quoted.ts';

/** Lets the person fill in what a server asks for, and see it before it goes out (client/elicitation). */
export async function elicitForm(
  server: string,
  { message, schema }: Extract<Elicitation, { mode: 'form' }>,
  form: FormIo,
): Promise<ElicitationAnswer> {
  const name = visible(server);
  form.say(`${name} asks you:\n${quoted(message)}\n  (Ctrl-C gives up)`);
  for (;;) {
    const content = await fillForm(schema, {}, form, 'always');
    if (content === undefined) return { action: 'cancel' };
    const question = `Send ${safeJson(JSON.stringify(content)).slice(0, MAX_CONTENT)} to ${name}?`;
    switch (await chooseLetter(form, question, ['yes', 'no', 'again'])) {
      case 'yes':
        return { action: 'accept', content };
      case 'no':
        return { action: 'decline' };
      case undefined:
        return { action: 'cancel' };
      case 'again':
    }
  }
}

/** Characters of the answer that the last question shows. */
const MAX_CONTENT = 1000;
