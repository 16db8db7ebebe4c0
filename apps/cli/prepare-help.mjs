// Writes the help of every command into dist/help.json; see src/prepared-help.ts.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Runs the built program for each help text. The proxy's names the user's own folder, so it is made when asked for. */
export function prepareHelp(bin, file) {
  const help = (...argv) =>
    execFileSync(process.execPath, [bin, ...argv, '--help'], {
      encoding: 'utf8',
      env: { COLUMNS: '100', NO_COLOR: '1' },
    });
  const own = help();
  const commands = [...own.split('\nCommands:\n')[1].matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
  const texts = commands.filter((name) => name !== 'proxy' && name !== 'help').map((name) => [name, help(name)]);
  writeFileSync(file, JSON.stringify({ '': own, ...Object.fromEntries(texts) }));
}
