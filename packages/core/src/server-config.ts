/** How the era of a server is found: by a probe, or by the user's word. */
export type EraChoice = 'auto' | 'legacy' | 'modern';

/** A server as the user named it: a command on this machine, or a URL. They are told apart by `url`. */
export type ServerConfig = StdioServer | HttpServer;

interface NamedServer {
  /** What it is called in events and in tool names; one name, one server in a session. */
  readonly name: string;
  /**
   * True where a person named the command itself. Only then do the server's own hints about its tools count: a
   * hint of any other server is text from a stranger.
   */
  readonly trusted: boolean;
}

/** A server that runs as a process of ours and speaks over its pipes. */
export interface StdioServer extends NamedServer {
  /** The command, run without a shell. */
  readonly argv: readonly [string, ...string[]];
  /** The command as others may see it, where `argv` holds what may be a secret. */
  readonly shownArgv?: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Variables on top of the safe ones; see safeEnvironment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: never;
}

/** A server that is reached over Streamable HTTP (basic/transports). */
export interface HttpServer extends NamedServer {
  /** Its whole http or https URL; may hold secrets, so it is shown only through `shownUrl`. */
  readonly url: string;
  /** Sent with every request, on top of what the protocol needs. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly argv?: never;
}

/** A URL as a person may see it: without user, password, query and fragment, where secrets stand. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
