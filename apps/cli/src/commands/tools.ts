import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { themeFor } from '../render/theme.ts';
import { safeJson, visible } from '../render/visible.ts';
import { propertiesOf, requiredOf, resolveSchema } from '../schema/resolve-schema.ts';
import { typesOf } from '../schema/types-of.ts';

/** Characters of a name or a description that a terminal shows at most. */
const MAX_SHOWN = 4000;

/** Lists the tools of a server. Gives the exit code. */
export async function tools(
  io: Io,
  target: readonly string[],
  command: readonly [string, ...string[]] | undefined,
  options: OneServerOptions,
): Promise<number> {
  return await withServer(io, target, command, options, async ({ live: { connection, tools: listed }, print }) => {
    const { era, protocolVersion, serverInfo } = connection;
    if (options.json === true) {
      // The entries go out as their text came in: big numbers and the order of keys stay.
      const head = JSON.stringify({ server: serverInfo, era, protocolVersion }).slice(0, -1);
      print(`${safeJson(`${head},"tools":[${listed.map((tool) => tool.text).join(',')}]}`)}\n`);
      return 0;
    }
    const theme = themeFor(io.terminal.stdout, io.env);
    const who = [serverInfo.name, serverInfo.version]
      .filter((each) => each !== '')
      .map((each) => visible(each))
      .join(' ');
    print(`${theme.good(who || 'server')}  ${era}, ${visible(protocolVersion)}, ${listed.length} tools\n`);
    // A person's screen is not for names of a megabyte; whoever reads a pipe gets all.
    const shown = (text: string): string =>
      io.terminal.stdout && text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    for (const tool of listed) {
      print(`\n${theme.tool(shown(visible(tool.name)))}${parameters(tool.inputSchema)}\n`);
      if (tool.description !== '') print(`  ${shown(visible(tool.description, 'kept')).replaceAll('\n', '\n  ')}\n`);
    }
    return 0;
  });
}

/** `(city: string, days?: number)`. */
function parameters(inputSchema: unknown): string {
  const told = resolveSchema(inputSchema, inputSchema);
  const required = new Set(requiredOf(told));
  const parts = Array.from(propertiesOf(told), ([key, property]) => {
    const types = typesOf(property, inputSchema);
    const type = types.length === 0 ? '' : `: ${types.map((each) => visible(each)).join('|')}`;
    return `${visible(key)}${required.has(key) ? '' : '?'}${type}`;
  });
  return `(${parts.join(', ')})`;
}
