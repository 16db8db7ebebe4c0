export { type Era, LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, type Version, eraOf } from './eras.ts';
export type { Exchange, ExchangeKind, ExchangeStatus } from './exchange.ts';
export { Exchanges, type Sighting } from './exchanges.ts';
export { META_KEYS, metaOf } from './meta-keys.ts';
export { METHODS, type Method, methodNamed } from './methods.ts';
export { type ShapeFault, checkShape } from './shapes/check-shape.ts';
export { errorDataShapeOf } from './shapes/error-data.ts';
export type { Shape, Slot } from './shapes/shape.ts';
export { paramsShapeOf, resultShapeOf } from './shapes/shapes-of.ts';
