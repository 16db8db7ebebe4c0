export {
  type Era,
  LEGACY_VERSIONS,
  MODERN_VERSIONS,
  VERSIONS,
  type Version,
  eraOf,
} from "./eras.ts";
