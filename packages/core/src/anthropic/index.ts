export { type AnthropicOptions, DEFAULT_MODEL, type ModelProfile, anthropicModel } from './anthropic-model.ts';
export { type AnthropicSettings, anthropicSettings, chosenModel } from './anthropic-settings.ts';
export { KNOWN_MODELS } from './price.ts';
