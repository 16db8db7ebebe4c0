export { type MessagesApi, type MessagesApiOptions, type MessagesApiRequest, messagesApi } from './messages-api.ts';
export { parseScript } from './parse-script.ts';
export type { Script, ScriptCall, ScriptError, ScriptStop, ScriptTurn } from './script.ts';
export { type ScriptModelOptions, scriptModel } from './script-model.ts';
