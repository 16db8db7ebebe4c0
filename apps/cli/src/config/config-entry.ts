import type { HostId } from './hosts.ts';

/** A config file, and what it is to the person who runs us. */
export interface ConfigSource {
  /** Absolute. */
  readonly path: string;
  readonly host: HostId;
  /** `user`: the person's own. `project`: came with the folder. `named`: the person named it on the command line. */
  readonly scope: 'user' | 'project' | 'named';
  /** The folder in which its servers run where they do not say another; to editors, the one that is open. */
  readonly folder: string;
}

/** A server as a config file has it; nothing is filled in yet. They are told apart by `kind`. */
export type ConfigEntry = StdioEntry | HttpEntry | UnusableEntry;

interface NamedEntry {
  readonly name: string;
  readonly source: ConfigSource;
  /** True where the file switches it off. */
  readonly isOff: boolean;
}

/** A server that runs as a process. */
export interface StdioEntry extends NamedEntry {
  readonly kind: 'stdio';
  readonly argv: readonly [string, ...string[]];
  /** Texts by variable; null takes the variable away. */
  readonly env: ReadonlyMap<string, string | null>;
  /** Variables that are passed on from our environment, by name. */
  readonly passedOn: readonly string[];
  readonly envFile?: string;
  readonly cwd?: string;
}

/** A server behind a URL. */
export interface HttpEntry extends NamedEntry {
  readonly kind: 'http';
  readonly url: string;
  /** True where the file says that it speaks the older HTTP+SSE. */
  readonly isSse: boolean;
  readonly headers: ReadonlyMap<string, string>;
  /** Headers whose values are those of variables, by header. */
  readonly headersFrom: ReadonlyMap<string, HeaderFrom>;
}

/** A header's value: `prefix` and the value of a variable. */
export interface HeaderFrom {
  readonly prefix: string;
  readonly variable: string;
  /** True where the host does not connect without it; else it leaves the header out. */
  readonly isNeeded: boolean;
}

/** What nobody could start, and why. */
interface UnusableEntry extends NamedEntry {
  readonly kind: 'unusable';
  readonly why: string;
}

/** What a host asks a person for before it starts a server that refers to it. */
export interface ConfigInput {
  readonly id: string;
  readonly description: string;
  readonly isSecret: boolean;
  readonly preset?: string;
  /** What can be chosen; anything where there are none. */
  readonly choices: readonly string[];
}

/** Where and why a file cannot be read. Lines and columns count from 1. */
export interface ConfigFault {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is in a config file, in the order of the file. */
export interface ConfigContent {
  readonly entries: readonly ConfigEntry[];
  readonly inputs: readonly ConfigInput[];
  /** What a person should know of the file, in sentences. */
  readonly notes: readonly string[];
}
