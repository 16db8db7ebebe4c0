import { ask } from '../ask.ts';
import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { writeOutput } from '../output-file.ts';
import { safeJson, visible } from '../render/visible.ts';
import { type ResourceContents, resourceContents } from '../resource-contents.ts';
import { resultLook } from '../result-look.ts';
import { targetWords } from '../target-words.ts';
import { fileOf, writeResult } from '../write-result.ts';

/** The options of `read`. */
export interface ReadOptions extends OneServerOptions {
  readonly output?: string;
}

/**
 * Reads a resource: into a file, into a pipe as it is, or onto a terminal, where text is made safe and bytes are saved
 * in a file instead. Gives the exit code.
 */
export async function read(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: ReadOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [uri, ...others] = rest;
  if (uri === undefined || others.length > 0) throw new CliError('USAGE', 'Name one resource: mcp-dbg read SERVER URI');
  const file = fileOf(options);
  return await withServer(io, target, command, { ...options, listsTools: false }, async (server) => {
    const { value, text } = await ask(server, 'resources/read', { uri });
    if (options.json === true) {
      const json = `${safeJson(text)}\n`;
      if (file === undefined) server.print(json);
      else await writeResult(io, server, file, { body: json });
      return EXIT.good;
    }
    const contents = resourceContents(value);
    if (contents === undefined)
      throw new CliError('REQUEST_FAILED', 'The answer to resources/read has no contents; --json shows all of it');
    if (contents.length === 0) server.tell('The resource has no contents');
    for (const damaged of contents.filter(({ isDamaged }) => isDamaged))
      server.tell(`What it sends for ${damaged.uri} is no valid base64; this is what can be read of it`);
    if (file !== undefined) await writeResult(io, server, file, onlyOne(contents));
    else if (io.terminal.stdout) for (const each of contents) server.print(onTerminal(io, each, contents.length > 1));
    else
      await writeOutput(io, undefined, undefined, async (out) => {
        for (const { body } of contents) if (!(await out.write(body))) return;
      });
    return EXIT.good;
  });
}

/** Throws CliError `BAD_OUTPUT` where there is not one content, but several or none. */
function onlyOne(contents: readonly ResourceContents[]): ResourceContents {
  const [only, ...others] = contents;
  if (only !== undefined && others.length === 0) return only;
  const uris = contents.map(({ uri }) => uri).join(', ') || 'none';
  throw new CliError('BAD_OUTPUT', `-o takes one content, and the resource has ${contents.length}: ${uris}`);
}

function onTerminal(io: Io, { uri, mimeType, body }: ResourceContents, isOneOfMany: boolean): string {
  const head = isOneOfMany ? `${visible(uri)}\n` : '';
  const text = textOf(mimeType, body);
  if (text !== undefined) return `${head}${visible(text, 'kept').replace(/\n?$/, '\n')}`;
  return `${head}${resultLook(io).saveFile({ kind: 'resource', mimeType: mimeType || 'of no type', bytes: Buffer.from(body) })}\n`;
}

/** What can be shown as text: a text, and bytes that say that they are one and are. */
function textOf(mimeType: string, body: string | Uint8Array): string | undefined {
  if (typeof body === 'string') return body;
  if (!/^text\/|[/+](?:json|xml)\b/.test(mimeType)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
