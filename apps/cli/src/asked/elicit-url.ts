import type { Elicitation, ElicitationAnswer } from '@mcp-dbg/core';

import type { FormIo } from '../chat/form/form-io.ts';
import { visible } from '../render/visible.ts';
import { chooseLetter } from './choose-letter.ts';
import { quoted } from './quoted.ts';

/**
 * Shows the person the page that a server wants opened, and what is suspicious about its address. We never open it: what
 * stands there is between the person and that host (client/elicitation, "URL Mode").
 */
export async function elicitUrl(
  server: string,
  { message, url }: Extract<Elicitation, { mode: 'url' }>,
  form: FormIo,
): Promise<ElicitationAnswer> {
  const name = visible(server);
  form.say(
    [
      `${name} wants you to open a page in your browser:`,
      quoted(message),
      `  Host: ${visible(new URL(url).host || 'none')}`,
      `  Page: ${visible(url)}`,
      ...warningsOf(url).map((warning) => `  Mind: ${warning}`),
      '  It is not opened for you. Open it only if you know that host and expected this; never give it a password of another.',
    ].join('\n'),
  );
  switch (await chooseLetter(form, `Do you agree, and open it yourself?`, ['yes', 'no'])) {
    case 'yes':
      return { action: 'accept' };
    case 'no':
      return { action: 'decline' };
    case undefined:
      return { action: 'cancel' };
  }
}

/** What makes an address look like another one, or readable on its way. */
export function warningsOf(url: string): readonly string[] {
  const { protocol, hostname, username, password } = new URL(url);
  return [
    ...(protocol === 'https:' ? [] : [`it is no https page but ${visible(protocol)}`]),
    ...(username === '' && password === '' ? [] : ['the words before the @ are no host: they can look like one']),
    ...(/(^|\.)xn--/.test(hostname) ? ['its host has letters that may look like others'] : []),
  ];
}
