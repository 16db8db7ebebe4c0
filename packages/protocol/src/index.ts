export { type Era, LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, type Version, eraOf } from './eras.ts';
export type { Exchange, ExchangeKind, ExchangeStatus, Placed } from './exchange.ts';
export { Exchanges, type Sighting } from './exchanges.ts';
export { META_KEYS, metaOf } from './meta-keys.ts';
export { type HeaderParam, type HeaderParamFault, headerParams } from './header-params.ts';
export { METHODS, type Method, methodNamed } from './methods.ts';
export { BLANK, type Outline, outlineOf } from './outline.ts';
export { type Change, type FrameReader, Pairing } from './pairing.ts';
export { callOf } from './rounds.ts';
