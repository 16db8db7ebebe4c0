export { CaptureError, type CaptureErrorCode } from './capture-error.ts';
export {
  type CaptureRecord,
  type CloseRecord,
  type ConnectRecord,
  type DataRecord,
  type DisconnectRecord,
  type EofRecord,
  type ExitRecord,
  type FaultRecord,
  FORMAT_VERSION,
  type GapRecord,
  type HttpRecord,
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
export { isInterference } from './original/is-interference.ts';
export { plainEvent } from './original/plain-event.ts';
export { readCapture } from './read-capture.ts';
export type { CaughtUp } from './record.ts';
export { recordBytes, writeRecords } from './write-records.ts';
export { compileFilter } from './filter/compile-filter.ts';
export { explainFilterError, FilterError } from './filter/filter-error.ts';
export { FILTER_KEYS, type FilterKey, type FilterKeyName, type FilterValueKind } from './filter/filter-keys.ts';
export type { Filter, FilterNeeds, FilterSide, FilterSubject } from './filter/filter-subject.ts';
export type { FilterNode, FilterTree } from './filter/filter-tree.ts';
export type { FilterWord } from './filter/filter-words.ts';
export { parseFilter } from './filter/parse-filter.ts';
export { printFilter } from './filter/print-filter.ts';
export { type SubjectContext, entrySubject } from './filter/entry-subject.ts';
export type { CapturedFrame } from './reading/whole-frames.ts';
export type { QueryOptions } from './query/capture-query.ts';
export type { LatencySummary } from './stats/latencies.ts';
export { readStats } from './stats/read-stats.ts';
export type { CallStats, ContextCost, OpenCall, ServerExit, StatsDocument } from './stats/stats-document.ts';
export { nearestWord } from './filter/nearest-word.ts';
export { isExplosive } from './explosive-regex.ts';
