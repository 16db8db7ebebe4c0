export { Connection, type ConnectionOptions, type Opened, DEFAULT_PROBE_MS, DEFAULT_TIMEOUT_MS } from './connection.ts';
export type { ConnectionObserver, HttpEvent } from './connection-observer.ts';
export { describeEnd, howItEnded } from './describe-end.ts';
export { CoreError, type CoreErrorCode, type CoreErrorOptions } from './errors.ts';
export type { LoopEvent, Spent, StoppedReason } from './events.ts';
export type {
  AnswerByHand,
  Asker,
  Elicitation,
  ElicitationAnswer,
  Features,
  Root,
  Sampled,
  Sampling,
} from './features/features.ts';
export { type Completable, type Completion, type Typed, complete } from './features/complete.ts';
export { sampleWith } from './features/sample-with.ts';
export { type EntryDiff, diffEntries } from './entry-diff.ts';
export { type ListMethod, type ListedEntry, type OnListFinding, listEntries } from './list-entries.ts';
export type { ListedTool } from './list-tools.ts';
export {
  type ImageType,
  type JsonObject,
  type Model,
  type ModelContent,
  ModelError,
  type ModelErrorCode,
  type ModelReply,
  type ModelRequest,
  type StopReason,
  type ToolReply,
  type ToolSpec,
  type ToolUse,
  type Turn,
  type Usage,
} from './model.ts';
export type { Pace } from './pace.ts';
export { type Surroundings, commandServer, resolveScript, resolveServer } from './resolve-server.ts';
export type { RawAnswer, RawOptions } from './raw-request.ts';
export type { RunToolOptions, ToolFailure, ToolOutcome } from './run-tool.ts';
export type { ServerAccess } from './server-access.ts';
export { type EraChoice, type HttpServer, type ServerConfig, type StdioServer, shownUrl } from './server-config.ts';
export type { ConnectionEnd, ConnectionEvent, ServerEvent } from './server-events.ts';
export type { Answer, RequestOptions } from './sdk-requests.ts';
export { forAnotherModel, readTurns, writeTurns } from './saved-turns.ts';
export { Session, type SessionOptions } from './session.ts';
export { type Live, type ServerState, Supervisor, type SupervisorOptions } from './supervisor.ts';
export { type LoopTools, type ToolLoopOptions, type ToolRun, type ToolRunOptions, toolLoop } from './tool-loop.ts';
export type { Progress } from './sdk-transport.ts';
export { type RoutedTool, type Routes } from './tool-router.ts';
export { type AdaptedSchema, adaptSchema } from './tool-schema.ts';
export { toModelContent } from './tool-result.ts';
