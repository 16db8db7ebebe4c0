import { file } from '../driver.ts';

/** What a server answers, as the source of an expression: the text of `"result":…` or `"error":…`. */
export type Body = string;

/** The body of a good answer: the given JSON as its result, byte for byte. */
export const result = (json: string): Body => JSON.stringify(`"result":${json}`);

/** The body of a refusal. */
export const error = (code: number, message: string): Body =>
  JSON.stringify(`"error":${JSON.stringify({ code, message })}`);

/** The server exits with status 3 instead of answering, and says why. */
export const DIES: Body = `(process.stderr.write('Fatal: the disk is gone\\n'), process.exit(3))`;

/** The server never answers. */
export const SILENT: Body = 'undefined';

/** The request as it came, as a text in the result. */
export const ECHO: Body = `'"result":{"got":' + JSON.stringify(line) + '}'`;

/**
 * A server of the legacy era that has everything and gives each method the body that `answers` has for it, or for the
 * method with its `uri` or `name` behind a space; anything else is not known to it. Gives the path of its script.
 */
export function answering(answers: Readonly<Record<string, Body>>): string {
  const opening = '{"tools":{},"resources":{},"prompts":{},"completions":{}}';
  const initialize = result(
    `{"protocolVersion":"2025-11-25","capabilities":${opening},"serverInfo":{"name":"exact","version":"1"}}`,
  );
  const cases = Object.entries({ initialize, ...answers }).map(
    ([asked, body]) => `${JSON.stringify(asked)}: (line) => ${body}`,
  );
  return file(
    'exact.mjs',
    `import { createInterface } from 'node:readline';
     const answers = { ${cases.join(',\n')} };
     createInterface({ input: process.stdin }).on('line', (line) => {
       const { id, method, params = {} } = JSON.parse(line);
       if (id === undefined) return;
       const answer = answers[method + ' ' + (params.uri ?? params.name)] ?? answers[method];
       const body = answer === undefined ? '"error":{"code":-32601,"message":"Method not found"}' : answer(line);
       if (body !== undefined) process.stdout.write('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',' + body + '}\\n');
     });`,
  );
}
