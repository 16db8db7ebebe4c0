export { Access, type AccessOptions, type Grant, type SignInOptions } from './access.ts';
export type { OwnClient } from './client-registration.ts';
export type { Challenge } from './find-issuer.ts';
export type { Person, Reception } from './person-grant.ts';
export type { Revocation } from './revoke.ts';
export {
  type KeptSignIns,
  type SavedClient,
  type SavedSignIn,
  type SavedTokens,
  type TokenStore,
  memoryStore,
} from './token-store.ts';
