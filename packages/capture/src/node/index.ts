export { type CaptureOptions, CaptureWriter, MAX_CAPTURE_BYTES } from './capture-writer.ts';
export type { ConnectionEvent, ConnectionRecorder, ConnectionTarget } from './connection-recorder.ts';
export { CAPTURE_EXTENSION, type CaptureNaming, captureFolder, captureName } from './capture-folder.ts';
export {
  type CrashReportFile,
  MAX_CRASH_REPORTS,
  captureOfCrashReport,
  crashReportFiles,
  crashReportPath,
} from './crash-files.ts';
export { openCapture } from './open-capture.ts';
export { MAX_FOLDER_BYTES, pruneCaptures } from './prune-captures.ts';
export { followCapture } from './follow-capture.ts';
export { labelCapture } from './label-capture.ts';
export { type StoredCapture, listCaptures } from './list-captures.ts';
export { openCaptureStream } from './open-capture.ts';
export type { WriterState } from './peek-capture.ts';
export { hasProcess, isAlive } from './process-life.ts';
export { probeOf, probedBy } from './probe-of.ts';
export { type Pruning, pruneOldCaptures } from './prune-old-captures.ts';
export { type FileQuestion, queryFile } from './query-file.ts';
export { statsOfFile } from './stats-of-file.ts';
