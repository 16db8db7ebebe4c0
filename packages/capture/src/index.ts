export { CaptureError, type CaptureErrorCode } from './capture-error.ts';
export { MASK, maskArgv } from './mask-argv.ts';
export {
  type CaptureRecord,
  type CloseRecord,
  type DataRecord,
  type EofRecord,
  type ExitRecord,
  FORMAT_VERSION,
  type GapRecord,
  MAX_DATA_BYTES,
  MAX_HEADER_BYTES,
  type Missed,
  type NoteRecord,
  type OpenRecord,
  type OtherRecord,
  type SignalRecord,
  type Source,
  type SpawnRecord,
  type TornStretch,
} from './record.ts';
export { CaptureDecoder } from './capture-decoder.ts';
export type { Entry, EventEntry, ExchangeEntry, StderrEntry } from './entry.ts';
export { readCapture } from './read-capture.ts';
export { type CaptureFinding, CaptureLinter } from './capture-linter.ts';
export type { CapturedFrame } from './reading/whole-frames.ts';
export type { QueryOptions } from './query/capture-query.ts';
export type { LatencySummary } from './stats/latencies.ts';
export { readStats } from './stats/read-stats.ts';
export type { CallStats, ContextCost, OpenCall, ServerExit, StatsDocument } from './stats/stats-document.ts';
