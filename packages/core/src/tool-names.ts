/** A tool of a server, by both their own names. */
export interface ToolAddress {
  readonly server: string;
  readonly tool: string;
}

/** What every model's API takes as a tool's name. */
const LEGAL = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_LENGTH = 64;
/** A name that only looks hashed gets a hash too, or it could be the hashed name of another tool. */
const HASHED = /_[0-9a-f]{8}$/;

/**
 * Gives every tool the name by which a model knows it: `server__tool` in `[A-Za-z0-9_-]`, at most 64 characters, or
 * the tool's own name where there is one server and the name is legal. A name that had to be cut, or that two tools
 * would share, ends in a hash of the tool, so no name depends on the order of servers and tools.
 * Names come in the order of the addresses and are all different.
 */
export function modelToolNames(addresses: readonly ToolAddress[], oneServer: boolean): readonly string[] {
  const plain = addresses.map((address) => plainName(address, oneServer));
  const uses = new Map<string, number>();
  for (const name of plain) uses.set(name, (uses.get(name) ?? 0) + 1);
  return addresses.map((address, index) => {
    const name = plain[index] ?? '';
    return LEGAL.test(name) && !HASHED.test(name) && uses.get(name) === 1 ? name : hashed(name, address);
  });
}

function plainName({ server, tool }: ToolAddress, oneServer: boolean): string {
  return oneServer && LEGAL.test(tool) ? tool : `${clean(server)}__${clean(tool)}`;
}

function clean(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

function hashed(name: string, { server, tool }: ToolAddress): string {
  // Loaded only here: it costs every start milliseconds, and hardly any needs it.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_LENGTH - hash.length - 1)}_${hash}`;
}
