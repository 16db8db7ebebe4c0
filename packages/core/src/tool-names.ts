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

/** The names that tools were given in one conversation: a name never comes to mean another tool. */
export class GivenNames {
  readonly #owners = new Map<string, ToolAddress>();

  /** The tool that was given the name, whether it is still there or not. */
  ownerOf(name: string): ToolAddress | undefined {
    return this.#owners.get(name);
  }

  /** True where nobody else ever had the name. */
  isFree(name: string, { server, tool }: ToolAddress): boolean {
    const owner = this.#owners.get(name);
    return owner === undefined || (owner.server === server && owner.tool === tool);
  }

  give(name: string, address: ToolAddress): void {
    this.#owners.set(name, address);
  }
}

/**
 * Gives every tool the name by which a model knows it: `server__tool` in `[A-Za-z0-9_-]`, at most 64 characters, or
 * the tool's own name where it is legal and a tool of the server `plain`. A name that had to be cut, that two tools
 * would share, or that another tool has had, ends in a hash of the tool, so no name depends on the order of servers
 * and tools. Names come in the order of the addresses and are all different.
 */
export function modelToolNames(
  addresses: readonly ToolAddress[],
  plain: string | undefined,
  given: GivenNames = new GivenNames(),
): readonly string[] {
  const wanted = addresses.map((address) => wantedName(address, plain));
  const uses = new Map<string, number>();
  for (const name of wanted) uses.set(name, (uses.get(name) ?? 0) + 1);
  return addresses.map((address, index) => {
    const own = wanted[index] ?? '';
    const isOwn = LEGAL.test(own) && !HASHED.test(own) && uses.get(own) === 1 && given.isFree(own, address);
    const name = isOwn ? own : hashed(own, address);
    given.give(name, address);
    return name;
  });
}

function wantedName({ server, tool }: ToolAddress, plain: string | undefined): string {
  return server === plain && LEGAL.test(tool) ? tool : `${clean(server)}__${clean(tool)}`;
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
