/** How the era of a server is found: by a probe, or by the user's word. */
export type EraChoice = 'auto' | 'legacy' | 'modern';

/** A server as the user named it. */
export interface ServerConfig {
  /** What it is called in events and in tool names; one name, one server in a session. */
  readonly name: string;
  /** The command, run without a shell. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Variables on top of the safe ones; see safeEnvironment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * True where a person named the command itself. Only then do the server's own hints about its tools count: a
   * hint of any other server is text from a stranger.
   */
  readonly trusted: boolean;
}
