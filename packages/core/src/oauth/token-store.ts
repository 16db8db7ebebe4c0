/** How this client is known to one authorization server. */
export interface SavedClient {
  readonly id: string;
  readonly secret?: string;
  /** The key of `private_key_jwt` (RFC 7523), in PEM, and the algorithm it signs with. */
  readonly key?: { readonly pem: string; readonly algorithm: string };
  /** How the server wants the secret, where it said so (RFC 7591). */
  readonly authMethod?: string;
  /** Where it was registered to be called back; undefined for a client that was not registered by this program. */
  readonly redirectUrl?: string;
}

/** What an authorization server gave out for one MCP server. */
export interface SavedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** The scopes that were granted, separated by spaces. */
  readonly scope?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** What is kept of one MCP server's dealings with one authorization server. */
export interface SavedSignIn {
  /** Whose tokens and client they are; they never go to another authorization server. */
  readonly issuer: string;
  /** How tokens are got: a person allows it in a browser, or the client's own secret or another's word is enough. */
  readonly grant: 'person' | 'client-credentials' | 'jwt-bearer';
  readonly client: SavedClient;
  readonly tokens?: SavedTokens;
}

/** Keeps sign-ins, each by the URL of its MCP server and its issuer. */
export interface TokenStore {
  /** What is kept for a server; the one that was signed in last comes first. */
  read(server: string): Promise<readonly SavedSignIn[]>;
  /**
   * Lets `use` look at what is kept for a server and write it anew. Nobody else changes it meanwhile, other processes
   * included, so that one refresh token is never used twice. Nothing to write is an empty list.
   */
  change<T>(server: string, use: (kept: KeptSignIns) => Promise<T>): Promise<T>;
}

/** What is kept for a server, while nobody else may change it. */
export interface KeptSignIns {
  readonly all: readonly SavedSignIn[];
  readonly write: (all: readonly SavedSignIn[]) => Promise<void>;
}

/** A store that ends with its process. */
export function memoryStore(): TokenStore {
  const kept = new Map<string, readonly SavedSignIn[]>();
  const turns = new Map<string, Promise<unknown>>();
  const read = (server: string): readonly SavedSignIn[] => kept.get(server) ?? [];
  return {
    read: async (server) => read(server),
    change: async (server, use) => {
      const before = turns.get(server) ?? Promise.resolve();
      const turn = before.then(
        async () => await use({ all: read(server), write: async (all) => void kept.set(server, all) }),
      );
      turns.set(
        server,
        turn.catch(() => {}),
      );
      return await turn;
    },
  };
}

/** What is kept, with one sign-in put first in place of what was kept of its issuer. */
export function putFirst(all: readonly SavedSignIn[], added: SavedSignIn): readonly SavedSignIn[] {
  return [added, ...all.filter(({ issuer }) => issuer !== added.issuer)];
}
