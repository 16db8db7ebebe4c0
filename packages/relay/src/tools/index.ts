export { type RelayTools, type RelayToolsOptions, relayTools } from './relay-tools.ts';
