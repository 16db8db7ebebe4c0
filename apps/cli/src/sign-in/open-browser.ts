import { spawn } from 'node:child_process';

import type { Io } from '../io.ts';

/** What opens a URL on each platform, without a shell in between. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Milliseconds after which an opener that still runs has opened something: some stay for as long as the browser does. */
const OPENED_MS = 3000;

/** Opens a page in the person's browser; false where that did not work. The URL was held to be http or https before. */
export async function openBrowser(page: URL, { platform, env }: Pick<Io, 'platform' | 'env'>): Promise<boolean> {
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  return await new Promise((resolve) => {
    const opener = spawn(command, [...args, page.href], { stdio: 'ignore', detached: true, env });
    const time = setTimeout(() => resolve(true), OPENED_MS);
    const settle = (opened: boolean): void => {
      clearTimeout(time);
      resolve(opened);
    };
    opener.on('error', () => settle(false));
    opener.on('exit', (code) => settle(code === 0));
    opener.unref();
  });
}
