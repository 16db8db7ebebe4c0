export { RelayError, type RelayErrorCode } from './errors.ts';
export type { FaultEvent, NoteEvent, RelayEvent } from './relay-event.ts';
export { type RelayOptions, runRelay } from './relay.ts';
export { type Ours, RelayFrame } from './relay-frame.ts';
export type { MakeStage, RunningServer, ServerControl, Stage, StageContext } from './stage.ts';
